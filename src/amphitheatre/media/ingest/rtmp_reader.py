"""An admitted RTMP publisher, read in the source's own process: socket → messages → packets.

No demuxer stands between: a packet is decoded the moment its last byte is there, a sound that begins late or a
picture that changes its size needs no probing.
"""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import av
import structlog

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import amf0, flv_tags
from amphitheatre.media.ingest.coded import Coded, Kind, Track
from amphitheatre.media.ingest.rtmp_chunks import (
    ACKNOWLEDGEMENT,
    AUDIO,
    COMMAND,
    USER_CONTROL,
    VIDEO,
    ChunkReader,
    ChunkState,
    Message,
    message,
)
from amphitheatre.media.ingest.rtmp_dialogue import CHUNK_SIZE

log = structlog.get_logger(__name__)

_MILLISECOND: Final = Fraction(1, 1000)
_ACKNOWLEDGE_EVERY: Final = 1_000_000  # bytes; below any window an encoder asks for
_RECEIVE: Final = 256 * 1024  # bytes
_PING, _PONG = 6, 7


class RtmpSource:
    """Owns `sock`. silence: seconds without picture or sound after which the publisher counts as lost."""

    protocol = "rtmp"

    def __init__(self, sock: socket.socket, state: ChunkState, *, silence: float = 10.0) -> None:
        self._sock = sock
        self._sock.settimeout(silence)
        self._silence = silence
        self._reader = ChunkReader(state)
        self._acknowledged = 0
        self._tracks: dict[Kind, tuple[flv_tags.Tag, Track]] = {}
        self._last_media = time.monotonic()
        self._deaf = False

    def packets(self) -> Iterator[Coded]:
        """See `CodedSource`. Codes: closed, silent, ended, reset, bad-chunk, codec-unknown."""
        while True:
            arrived = time.monotonic()
            while (incoming := self._reader.pop()) is not None:
                if incoming.kind in (VIDEO, AUDIO):
                    self._last_media = arrived
                    if (coded := self._coded(incoming, arrived)) is not None:
                        yield coded
                else:
                    self._answer(incoming)
            if arrived - self._last_media > self._silence:
                raise SourceBroken("silent")
            self._receive()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it was not connected any more
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def _receive(self) -> None:
        try:
            data = self._sock.recv(_RECEIVE)
        except TimeoutError as error:
            raise SourceBroken("silent") from error
        except OSError as error:
            raise SourceBroken("reset", str(error)) from error
        if not data:
            raise SourceBroken("closed")
        self._reader.push(data)
        received = self._reader.state.received
        if received - self._acknowledged >= _ACKNOWLEDGE_EVERY:
            self._acknowledged = received
            self._send(
                message(ACKNOWLEDGEMENT, struct.pack(">I", received & 0xFFFFFFFF), chunk_size=CHUNK_SIZE)
            )

    def _answer(self, incoming: Message) -> None:
        if incoming.kind == USER_CONTROL and incoming.body[:2] == struct.pack(">H", _PING):
            body = struct.pack(">H", _PONG) + incoming.body[2:6]
            self._send(message(USER_CONTROL, body, chunk_size=CHUNK_SIZE))
        elif incoming.kind == COMMAND:
            values = amf0.decode(incoming.body)
            if values and values[0] in ("deleteStream", "closeStream", "FCUnpublish"):
                raise SourceBroken("ended")

    def _send(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise SourceBroken("reset", str(error)) from error

    def _coded(self, incoming: Message, arrived: float) -> Coded | None:
        tag = flv_tags.video(incoming.body) if incoming.kind == VIDEO else self._audio(incoming.body)
        if tag is None:
            return None
        track = self._track(tag)
        if track is None or not tag.data:
            return None
        packet = av.Packet(tag.data)
        packet.time_base = _MILLISECOND
        packet.dts = incoming.timestamp
        packet.pts = incoming.timestamp + tag.lead
        packet.is_keyframe = tag.key or tag.kind == "sound"
        return Coded(track, packet, arrived)

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
