"""An admitted RTMP publisher's connection, read in the origin: it outlives the process that decodes it.

Bytes become tags here and nothing more; no codec is loaded. One that sends what is costly to read is read slowly.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Final

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import amf0
from amphitheatre.media.ingest.rtmp_chunks import (
    ACKNOWLEDGEMENT,
    AUDIO,
    COMMAND,
    USER_CONTROL,
    VIDEO,
    ChunkReader,
    Message,
    message,
)
from amphitheatre.media.ingest.rtmp_dialogue import CHUNK_SIZE
from amphitheatre.media.unit import FlvTag

_ACKNOWLEDGE_EVERY: Final = 1_000_000  # bytes; below any window an encoder asks for
_RECEIVE: Final = 64 * 1024  # bytes
_PING, _PONG = 6, 7
_FAREWELLS: Final = ("deleteStream", "closeStream", "FCUnpublish")
# Of a core that one publisher may take from everybody; an encoder of 6 Mbit/s takes 0.002.
_SHARE: Final = 0.1
_BURST: Final = 0.02  # seconds of a core


class Talk:
    """What is said after `publish`: bytes in, tags out. `outgoing` holds the bytes to send after each `take`."""

    def __init__(self, reader: ChunkReader) -> None:
        self.outgoing = bytearray()
        self._reader = reader
        self._acknowledged = 0

    def take(self, data: bytes) -> Iterator[FlvTag]:
        """Raises SourceBroken: ended, bad-chunk, bad-amf."""
        arrived = time.monotonic()
        self._reader.push(data)
        while (incoming := self._reader.pop()) is not None:
            if incoming.kind in (AUDIO, VIDEO):
                yield FlvTag(incoming.kind == VIDEO, incoming.timestamp, arrived, incoming.body)
            else:
                self._answer(incoming)
        if self._reader.received - self._acknowledged >= _ACKNOWLEDGE_EVERY:
            self._acknowledged = self._reader.received
            count = struct.pack(">I", self._acknowledged & 0xFFFFFFFF)
            self.outgoing += message(ACKNOWLEDGEMENT, count, chunk_size=CHUNK_SIZE)

    def _answer(self, incoming: Message) -> None:
        if incoming.kind == USER_CONTROL and incoming.body[:2] == struct.pack(">H", _PING):
            body = struct.pack(">H", _PONG) + incoming.body[2:6]
            self.outgoing += message(USER_CONTROL, body, chunk_size=CHUNK_SIZE)
        elif incoming.kind == COMMAND:
            values = amf0.decode(incoming.body)
            if values and values[0] in _FAREWELLS:
                raise SourceBroken("ended")


class RtmpPublisher:
    """sock: non-blocking, closed by whoever has accepted it. silence: seconds without picture or sound after
    which the publisher counts as lost.
    """

    def __init__(self, sock: socket.socket, reader: ChunkReader, *, silence: float = 10.0) -> None:
        self._sock = sock
        self._talk = Talk(reader)
        self._silence = silence
        self._budget = _Budget()
        self._gone = False

    @property
    def gone(self) -> bool:
        """The connection has ended."""
        return self._gone

    async def read(self, on_tag: Callable[[FlvTag], None]) -> str:
        """Hand on tags until the connection ends; why: closed, silent, ended, reset, bad-chunk, bad-amf."""
        try:
            await self._read(on_tag)
        except SourceBroken as broken:
            return broken.code
        except TimeoutError:
            return "silent"
        except OSError:
            return "reset"
        finally:
            self.hang_up()
        return "closed"

    def hang_up(self) -> None:
        """End the connection, which ends `read`."""
        self._gone = True
        with contextlib.suppress(OSError):  # it was not connected any more
            self._sock.shutdown(socket.SHUT_RDWR)

    async def _read(self, on_tag: Callable[[FlvTag], None]) -> None:
        loop = asyncio.get_running_loop()
        data = b""  # the door may have read tags already
        async with asyncio.timeout(self._silence) as patience:
            while True:
                begun = time.thread_time()
                for tag in self._talk.take(data):
                    patience.reschedule(loop.time() + self._silence)
                    on_tag(tag)
                await asyncio.sleep(self._budget.spend(time.thread_time() - begun))
                if self._talk.outgoing:
                    await loop.sock_sendall(self._sock, bytes(self._talk.outgoing))
                    self._talk.outgoing.clear()
                data = await loop.sock_recv(self._sock, _RECEIVE)
                if not data:
                    return


class _Budget:
    """What a publisher may cost the event loop."""

    def __init__(self) -> None:
        self._owed = 0.0  # seconds of a core
        self._at = time.monotonic()

    def spend(self, spent: float) -> float:
        """Seconds to wait before more is read."""
        now = time.monotonic()
        self._owed = max(self._owed - (now - self._at) * _SHARE, 0.0) + spent
        self._at = now
        return self._owed / _SHARE if self._owed > _BURST else 0.0
