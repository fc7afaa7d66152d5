"""RTMP's chunk stream (Adobe, "RTMP Specification 1.0", section 5.3): bytes from and to messages.

A publisher cuts each message into chunks, at worst of 128 bytes, so thousands a second. Here all the
chunks of a message that are at hand are joined in a few C-level steps: their headers stand at equal
distances, one slice assignment removes them.
"""

import struct
from typing import Final, NamedTuple

import msgspec

from amphitheatre.media.errors import SourceBroken

DEFAULT_CHUNK_SIZE: Final = 128
MAX_MESSAGE: Final = 8 * 1024 * 1024  # bytes; the key frame of a lossless 4K picture stays below it
_MAX_STREAMS: Final = 64  # chunk streams one peer may open
_EXTENDED: Final = 0xFFFFFF

# Message types (sections 5.4 and 7.1).
SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_SIZE, PEER_BANDWIDTH = 1, 2, 3, 4, 5, 6
AUDIO, VIDEO, DATA_AMF3, COMMAND_AMF3, DATA, COMMAND = 8, 9, 15, 17, 18, 20


class Message(NamedTuple):
    """One RTMP message. timestamp: milliseconds, modulo 2**32."""

    kind: int
    stream: int
    timestamp: int
    body: bytes


class ChunkStream(msgspec.Struct):
    """What is remembered of one chunk stream: its last header and the message in the making."""

    timestamp: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    extended: bool = False
    partial: bytearray = msgspec.field(default_factory=bytearray)
    started: bool = False


class ChunkReader:
    """Bytes in, messages out. `limit` bounds the messages in the making, all together, and so the buffer (bytes)."""

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        self.limit = limit
        self.received = 0  # bytes in all, for acknowledgements
        self._chunk_size = DEFAULT_CHUNK_SIZE
        self._streams: dict[int, ChunkStream] = {}
        self._buffer = bytearray()
        self._at = 0

    def push(self, data: bytes) -> None:
        """Take bytes as they come from the network."""
        del self._buffer[: self._at]
        self._at = 0
        self._buffer += data
        self.received += len(data)

    def pop(self) -> Message | None:
        """The next whole message, None until more bytes have come. Raises SourceBroken("bad-chunk")."""
        while (message := self._next()) is not None:
            if message.kind == SET_CHUNK_SIZE:
                self._resize(message.body)
            elif message.kind == ABORT and len(message.body) >= 4:
                self._abort(int.from_bytes(message.body[:4], "big"))
            else:
                return message
        return None

    def _next(self) -> Message | None:
        """Read chunks until a message is whole (returned) or the bytes run out (None)."""
        while True:
            header = self._header()
            if header is None:
                return None
            number, stream, after = header
            need = stream.length - len(stream.partial)
            first = min(need, self._chunk_size)
            buffer = self._buffer
            if len(buffer) - after < first:
                return None
            end = after + first
            stream.partial += memoryview(buffer)[after:end]
            self._commit(stream, number)
            self._at = self._run(number, stream, end)
            if len(stream.partial) == stream.length:
                return self._whole(stream)

    def _header(self) -> tuple[int, ChunkStream, int] | None:
        """Decode the chunk's header into a copy of its stream's state; None if it is not all there."""
        buffer, at = self._buffer, self._at
        if at >= len(buffer):
            return None
        form, number, at = buffer[at] >> 6, buffer[at] & 63, at + 1
        if number < 2:  # section 5.3.1.1: 0 means one more byte, 1 means two
            extra = number + 1
            if len(buffer) < at + extra:
                return None
            number = 64 + int.from_bytes(buffer[at : at + extra], "little")
            at += extra
        size = (11, 7, 3, 0)[form]
        if len(buffer) < at + size:
            return None
        stream = self._stream(number, form)
        self._pending = pending = _Pending(form, stream.timestamp, stream.delta, stream.extended)
        fields = buffer[at : at + size]
        at += size
        if form < 3:
            pending.stamp = int.from_bytes(fields[:3], "big")
            pending.extended = pending.stamp == _EXTENDED
        if form < 2:
            if stream.started:
                raise SourceBroken("bad-chunk", "a message begins inside another")
            stream.length, stream.kind = int.from_bytes(fields[3:6], "big"), fields[6]
            begun = sum(other.length for other in self._streams.values() if other.started)
            if stream.length + begun > self.limit:
                raise SourceBroken("bad-chunk", "messages too long")
        if form == 0:
            stream.stream = int.from_bytes(fields[7:11], "little")
        if pending.extended:
            if len(buffer) < at + 4:
                return None
            at += self._extended(stream, pending, int.from_bytes(buffer[at : at + 4], "big"))
        return number, stream, at

    @staticmethod
    def _extended(stream: ChunkStream, pending: "_Pending", value: int) -> int:
        """Take the 4 bytes of an extended timestamp; some encoders leave them out of type 3 chunks."""
        if pending.form == 3 and value not in (stream.timestamp, stream.delta):
            return 0
        if pending.form < 3:
            pending.stamp = value
        return 4

    def _commit(self, stream: ChunkStream, number: int) -> None:
        """The chunk is there in full: let its header count."""
        pending = self._pending
        stream.extended = pending.extended
        if stream.started:
            return
        stream.started = True
        if pending.form == 0:
            stream.timestamp, stream.delta = pending.stamp, 0
        elif pending.form < 3:
            stream.delta = pending.stamp
            stream.timestamp = (stream.timestamp + stream.delta) & 0xFFFFFFFF
        else:
            stream.timestamp = (stream.timestamp + stream.delta) & 0xFFFFFFFF
        self._streams[number] = stream

    def _run(self, number: int, stream: ChunkStream, at: int) -> int:
        """Join the whole type 3 chunks that follow without a break; returns where the run ends."""
        need, size = stream.length - len(stream.partial), self._chunk_size
        if need <= 0 or number > 63:
            return at
        buffer = self._buffer
        head = bytes((0xC0 | number,))
        if stream.extended:
            stamp = bytes(buffer[at + 1 : at + 5])
            if int.from_bytes(stamp, "big") in (stream.timestamp, stream.delta):
                head += stamp
        stride = size + len(head)
        chunks = -(-need // size)
        end = at + chunks * len(head) + need
        if end > len(buffer):
            chunks = (len(buffer) - at) // stride
            end = at + chunks * stride
        for place, byte in enumerate(head):
            column = buffer[at + place : end : stride]
            same = len(column) - len(column.lstrip(bytes((byte,))))
            if same < chunks:
                chunks, end = same, at + same * stride
        if chunks <= 0:
            return at
        run = buffer[at:end]
        for _ in head:
            del run[::stride]
            stride -= 1
        stream.partial += run
        return end

    def _whole(self, stream: ChunkStream) -> Message:
        body = bytes(stream.partial)
        stream.partial, stream.started = bytearray(), False
        return Message(stream.kind, stream.stream, stream.timestamp, body)

    def _stream(self, number: int, form: int) -> ChunkStream:
        stream = self._streams.get(number)
        if stream is not None:
            return stream
        if form > 1:
            raise SourceBroken("bad-chunk", "a chunk stream begins without a header")
        if len(self._streams) >= _MAX_STREAMS:
            raise SourceBroken("bad-chunk", "too many chunk streams")
        return ChunkStream()

    def _resize(self, body: bytes) -> None:
        size = int.from_bytes(body[:4], "big")
        if len(body) < 4 or not 1 <= size <= 0x7FFFFFFF:
            raise SourceBroken("bad-chunk", "impossible chunk size")
        self._chunk_size = size

    def _abort(self, number: int) -> None:
        stream = self._streams.get(number)
        if stream is not None:
            stream.partial, stream.started = bytearray(), False


class _Pending(msgspec.Struct):
    """A header that has been read but whose chunk may not be there yet. stamp: milliseconds."""

    form: int
    stamp: int
    delta: int
    extended: bool


def message(kind: int, body: bytes, *, stream: int = 0, channel: int = 2, chunk_size: int) -> bytes:
    """One message at timestamp 0 as chunks of at most `chunk_size` bytes, on chunk stream `channel`."""
    head = struct.pack(">B3x3sB", channel, len(body).to_bytes(3, "big"), kind) + stream.to_bytes(4, "little")
    pieces = [head + body[:chunk_size]]
    for start in range(chunk_size, len(body), chunk_size):
        pieces.append(bytes((0xC0 | channel,)) + body[start : start + chunk_size])
    return b"".join(pieces)
