"""An RTMP publisher in its source's own process: tags, as the origin reads them, to packets.

No demuxer stands between: a packet is decoded the moment its last byte is there, a sound that begins late or a
picture that changes its size needs no probing.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import av
import structlog

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import flv_tags
from amphitheatre.media.ingest.coded import Coded, Kind, Track
from amphitheatre.media.unit import FlvTag

log = structlog.get_logger(__name__)

_MILLISECOND: Final = Fraction(1, 1000)


class RtmpSource:
    """tags: what the publisher sends; raises SourceBroken when it is gone."""

    protocol = "rtmp"

    def __init__(self, tags: Iterable[FlvTag]) -> None:
        self._sent = tags
        self._tracks: dict[Kind, tuple[flv_tags.Tag, Track]] = {}
        self._deaf = False

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: codec-unknown, and those of the tags."""
        for sent in self._sent:
            if (coded := self._coded(sent)) is not None:
                yield coded

    def close(self) -> None:
        """The connection is the origin's."""

    def _coded(self, sent: FlvTag) -> Coded | None:
        tag = flv_tags.video(sent.body) if sent.video else self._audio(sent.body)
        if tag is None:
            return None
        track = self._track(tag)
        if track is None or not tag.data:
            return None
        packet = av.Packet(tag.data)
        packet.time_base = _MILLISECOND
        packet.dts = sent.stamp
        packet.pts = sent.stamp + tag.lead
        packet.is_keyframe = tag.key or tag.kind == "sound"
        return Coded(track, packet, sent.arrived)

    def _audio(self, body: bytes) -> flv_tags.Tag | None:
        """A sound that can't be decoded leaves the picture on air; the technician sees that there is no sound."""
        try:
            return flv_tags.audio(body)
        except SourceBroken as broken:
            if not self._deaf:
                self._deaf = True
                log.warning("rtmp.sound_ignored", reason=str(broken))
            return None

    def _track(self, tag: flv_tags.Tag) -> Track | None:
        """The tag's track, a new one if the tag describes another; None while nothing is described."""
        known = self._tracks.get(tag.kind)
        if tag.config is None and (known is not None and known[0].codec == tag.codec):
            return known[1]
        if tag.config is None and not tag.rate:
            return None
        if known is not None and known[0].config == tag.config and known[0].codec == tag.codec:
            return known[1]
        track = Track(tag.kind, _decoder(tag), _MILLISECOND)
        self._tracks[tag.kind] = (tag, track)
        return track


def _decoder(tag: flv_tags.Tag) -> av.CodecContext:
    try:
        context = av.CodecContext.create(tag.codec, "r")
    except (av.FFmpegError, ValueError) as error:
        raise SourceBroken("codec-unknown", tag.codec) from error
    if tag.config:
        context.extradata = tag.config
    elif isinstance(context, av.AudioCodecContext):
        context.sample_rate = tag.rate
        context.layout = "stereo" if tag.channels == 2 else "mono"
    return context
