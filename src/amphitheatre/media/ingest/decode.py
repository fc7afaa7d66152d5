"""From an open source to pictures and sound on the room's clock: the loop of a source's process."""

from collections.abc import Iterator
from typing import Final

import av
import structlog

from amphitheatre.media.clock import RoomClock
from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.ingest.coded import AnyPacket, Coded, CodedSource, Kind, Track
from amphitheatre.media.ingest.mapping import SourceClock
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.picture_line import PictureLine
from amphitheatre.media.ingest.sound_line import SoundLine, SoundStretcher
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE

log = structlog.get_logger(__name__)

_HOPELESS: Final = 500  # packets in a row that can't be decoded
_LONGEST_SOUND: Final = 0.2  # seconds; a packet that claims to last longer is not believed


def receive(source: CodedSource, clock: RoomClock, meter: Meter) -> Iterator[PictureIn | SoundIn]:
    """Everything the source sends, until it ends: then SourceBroken, whose code says why.

    Corrupt packets are skipped and counted in `meter`. Close the generator (or the source, from another
    thread) to stop.
    """
    receiver = _Receiver(clock, meter)
    meter.connected(source.protocol)
    try:
        for coded in source.packets():
            yield from receiver.take(coded)
    except SourceBroken:
        yield from receiver.drain()
        raise
    finally:
        source.close()


def _length(coded: Coded) -> float:
    """Seconds that a packet of sound lasts; 0 for a picture, which is of one moment."""
    packet, context = coded.packet, coded.track.context
    if not isinstance(context, av.AudioCodecContext):
        return 0.0
    if packet.duration:
        return min(max(float(packet.duration * coded.track.time_base), 0.0), _LONGEST_SOUND)
    if context.frame_size and context.sample_rate:
        return context.frame_size / context.sample_rate
    return AAC_FRAME / SOUND_RATE  # the decoder tells only after the first packet, and of some codecs never


class _Receiver:
    def __init__(self, clock: RoomClock, meter: Meter) -> None:
        self._clock = clock
        self._meter = meter
        self._mapping = SourceClock()
        self._stretcher = SoundStretcher()
        self._tracks: dict[Kind, Track] = {}
        self._picture: PictureLine | None = None
        self._sound: SoundLine | None = None
        self._failures = 0

    def take(self, coded: Coded) -> Iterator[PictureIn | SoundIn]:
        if self._tracks.get(coded.track.kind) is not coded.track:
            yield from self._change(coded.track)
        packet = coded.packet
        if not self._stamp(coded):
            self._meter.dropped()
            return
        self._meter.packet(coded.track.kind, packet, self._clock.now() - self._clock.at(coded.arrived))
        try:
            yield from self._decode(coded.track.kind, packet)
            self._failures = 0
        except av.FFmpegError as error:
            self._meter.dropped()
            self._failures += 1
            if self._failures >= _HOPELESS:
                raise SourceBroken("undecodable", str(error)) from error

    def _stamp(self, coded: Coded) -> bool:
        """Mend the packet's timestamps in place; False if it has none."""
        packet, base = coded.packet, coded.track.time_base
        dts = packet.dts if packet.dts is not None else packet.pts
        pts = packet.pts if packet.pts is not None else dts
        if dts is None or pts is None:
            return False
        arrival = self._clock.at(coded.arrived)
        lead = float((pts - dts) * base) + _length(coded)
        correction = self._mapping.arrive(coded.track.kind, float(dts * base), arrival, lead)
        ticks = round(correction / base)
        packet.dts, packet.pts = dts + ticks, pts + ticks
        self._meter.mapping(
            self._mapping.mended, self._mapping.drift_ppm, self._mapping.behind("sound", "picture")
        )
        return True

    def _change(self, track: Track) -> Iterator[PictureIn | SoundIn]:
        """Another description of the picture or the sound: empty the old decoder, start a new one."""
        if track.kind in self._tracks:
            yield from self._flush(track.kind)
        self._tracks[track.kind] = track
        if isinstance(track.context, av.VideoCodecContext):
            self._picture = PictureLine(track.context, track.time_base)
        elif isinstance(track.context, av.AudioCodecContext):
            self._sound = SoundLine(track.context, track.time_base)
        self._meter.described(track.kind, track.context.codec.canonical_name)

    def drain(self) -> Iterator[PictureIn | SoundIn]:
        """What the decoders still hold."""
        for kind in self._tracks:
            yield from self._flush(kind)
        yield from self._stretcher.drain()

    def _flush(self, kind: Kind) -> Iterator[PictureIn | SoundIn]:
        try:
            yield from self._decode(kind, None)
        except av.FFmpegError as error:
            log.info("ingest.drain_failed", kind=kind, error=str(error))

    def _decode(self, kind: Kind, packet: AnyPacket | None) -> Iterator[PictureIn | SoundIn]:
        if kind == "picture" and self._picture is not None:
            for picture, stamp in self._picture.decode(packet):
                at = self._mapping.at(stamp)
                self._meter.picture(picture, at, self._clock.now(), interlaced=self._picture.interlaced)
                yield PictureIn(picture, at)
        elif kind == "sound" and self._sound is not None:
            for frame, stamp in self._sound.decode(packet):
                at = self._mapping.at(stamp)
                rate, channels = frame.sample_rate, frame.layout.nb_channels
                for sound in self._stretcher.take(frame, at):
                    self._meter.sound(sound, sample_rate=rate, channels=channels)
                    yield sound
