"""Units between a process of ours and the origin: MessagePack behind a 4-byte big-endian length."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Final, Generic, Self, TypeVar, cast

import msgspec

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.unit import MAX_UNIT, Unit

_HEADER: Final = struct.Struct(">I")
# Bytes that may wait for a slow process before units to it are dropped.
_BACKLOG: Final = 4 * 1024 * 1024
_READ: Final = 1 << 18

_encoder = msgspec.msgpack.Encoder()
UNITS: Final[msgspec.msgpack.Decoder[Unit]] = msgspec.msgpack.Decoder(Unit)

Message = TypeVar("Message")


class BlockingLink:
    """A process's own end. send() may be called from several threads; iterate in one."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._lock = threading.Lock()

    def send(self, unit: Unit) -> None:
        """Raises OSError when the origin is gone."""
        data = _encoder.encode(unit)
        with self._lock:
            self._sock.sendall(_HEADER.pack(len(data)) + data)

    def __iter__(self) -> Iterator[Unit]:
        """Units from the origin until it closes."""
        reader = self._sock.makefile("rb")
        while len(header := reader.read(4)) == 4:
            (size,) = _HEADER.unpack(header)
            if len(data := reader.read(size)) < size:
                return
            yield UNITS.decode(data)


class Link(asyncio.Protocol, Generic[Message]):
    """An end on an event loop: the origin's, and that of a process with a loop of its own.

    on_unit is called with each message, on_lost once, when the other end has closed or was cut off for a fault.
    decoder: of what the other end says.
    """

    def __init__(
        self,
        on_unit: Callable[[Message], None],
        on_lost: Callable[[], None],
        decoder: "msgspec.msgpack.Decoder[Message]",
    ) -> None:
        self._on_unit = on_unit
        self._on_lost = on_lost
        self._decoder = decoder
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self.dropped = 0

    @classmethod
    async def over(
        cls,
        sock: socket.socket,
        on_unit: Callable[[Message], None],
        on_lost: Callable[[], None],
        decoder: "msgspec.msgpack.Decoder[Message]",
    ) -> Self:
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        _, link = await loop.connect_accepted_socket(lambda: cls(on_unit, on_lost, decoder), sock)
        return link

    def send(self, message: msgspec.Struct) -> None:
        """Never blocks: with the backlog full the message is dropped and counted."""
        transport = self._transport
        if transport is None or transport.is_closing() or transport.get_write_buffer_size() > _BACKLOG:
            self.dropped += 1
            return
        data = _encoder.encode(message)
        transport.write(_HEADER.pack(len(data)) + data)

    @property
    def backlog(self) -> int:
        """Bytes that wait for the process."""
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream socket it is

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) - at >= 4:
            (size,) = _HEADER.unpack_from(buffer, at)
            if size > MAX_UNIT:
                self.close()
                break
            if len(buffer) - at - 4 < size:
                break
            try:
                unit = self._decoder.decode(memoryview(buffer)[at + 4 : at + 4 + size])
            except msgspec.DecodeError as error:
                self.close()
                raise SourceBroken("bad-unit") from error
            at += 4 + size
            self._on_unit(unit)
        if at:
            del buffer[:at]

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._on_lost()
