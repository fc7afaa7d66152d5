"""RTMP's front door in the origin: one port for all sources, up to the moment a publisher has shown its key.

From then on `rtmp_publisher` reads the connection, as long as the one who admitted it wants.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.ingest import rtmp_handshake
from amphitheatre.media.ingest.rtmp_chunks import MAX_MESSAGE, ChunkReader
from amphitheatre.media.ingest.rtmp_dialogue import Dialogue, Wish
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher

log = structlog.get_logger(__name__)

_MAX_MESSAGE: Final = 64 * 1024  # bytes of one command before admission
_MAX_BEFORE_PUBLISH: Final = 256 * 1024  # bytes in all before admission


Admission = Callable[[RtmpPublisher], Awaitable[None]]
OnPublish = Callable[[str, bool, str], Awaitable[Admission]]
"""(key, takeover, peer's address) → who reads the publisher until it is gone; raises Refused(code) to turn it away."""


class RtmpServer:
    """Serves while its task runs; `port` is the bound one.

    limit: publishers that may stand at the door at the same time; more are closed at once.
    patience: seconds from the connection to `publish`.
    """

    def __init__(self, on_publish: OnPublish, *, limit: int = 64, patience: float = 10.0) -> None:
        self._on_publish = on_publish
        self._limit = limit
        self._patience = patience
        self._at_door = 0
        self.port = 0
        self.refused = 0

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator["RtmpServer"]:
        """Listen on host:port (0: any free one) inside the block. Raises OSError if the port is taken."""
        with socket.create_server((host, port), backlog=128, family=_family(host)) as listener:
            listener.setblocking(False)
            self.port = listener.getsockname()[1]
            async with asyncio.TaskGroup() as group:
                accepting = group.create_task(self._accept(listener, group))
                try:
                    yield self
                finally:
                    accepting.cancel()

    async def _accept(self, listener: socket.socket, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        doors: set[asyncio.Task[None]] = set()
        try:
            while True:
                try:
                    sock, address = await loop.sock_accept(listener)
                except OSError as error:  # out of descriptors, or gone before it was accepted
                    log.warning("rtmp.accept_failed", error=str(error))
                    await asyncio.sleep(0.1)
                    continue
                if self._at_door >= self._limit:
                    log.warning("rtmp.door_full", peer=address[0])
                    sock.close()
                    continue
                self._at_door += 1
                door = group.create_task(self._door(sock, address[0]))
                doors.add(door)
                door.add_done_callback(doors.discard)
        finally:
            for door in doors:
                door.cancel()

    async def _door(self, sock: socket.socket, peer: str) -> None:
        """One connection from accept to its end. Whatever the peer does ends here."""
        with sock:
            try:
                admitted = await self._let_in(sock, peer)
            finally:
                self._at_door -= 1
            if admitted is not None:
                publisher, read = admitted
                await read(publisher)

    async def _let_in(self, sock: socket.socket, peer: str) -> tuple[RtmpPublisher, Admission] | None:
        """A publisher with the right key and who reads it; None when the peer is shown out."""
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            dialogue = Dialogue()
            async with asyncio.timeout(self._patience):
                wish, reader = await _listen(sock, dialogue)
            admission = await self._admit(sock, dialogue, wish, peer)
            if admission is not None:
                reader.limit = MAX_MESSAGE
                return RtmpPublisher(sock, reader), admission
        except (SourceBroken, Refused) as error:
            self.refused += 1
            log.info("rtmp.refused", peer=peer, reason=error.code)
        except TimeoutError:
            log.info("rtmp.refused", peer=peer, reason="too-slow")
        except OSError as error:
            log.info("rtmp.gone", peer=peer, error=str(error))
        return None

    async def _admit(
        self, sock: socket.socket, dialogue: Dialogue, wish: Wish, peer: str
    ) -> Admission | None:
        loop = asyncio.get_running_loop()
        try:
            admission = await self._on_publish(wish.key, wish.takeover, peer)
        except Refused as refusal:
            self.refused += 1
            log.warning("rtmp.refused", peer=peer, reason=refusal.code)
            async with asyncio.timeout(self._patience):
                await loop.sock_sendall(sock, dialogue.refused(refusal.code))
                sock.shutdown(socket.SHUT_WR)
                await _drain(sock)
            return None
        async with asyncio.timeout(self._patience):
            await loop.sock_sendall(sock, dialogue.admitted())
        return admission


async def _listen(sock: socket.socket, dialogue: Dialogue) -> tuple[Wish, ChunkReader]:
    """Handshake and commands up to `publish`. Raises SourceBroken, Refused or OSError."""
    loop = asyncio.get_running_loop()
    early = await _at_least(sock, b"", 1 + rtmp_handshake.SIZE)
    await loop.sock_sendall(sock, rtmp_handshake.answer(early[: 1 + rtmp_handshake.SIZE]))
    early = await _at_least(sock, early[1 + rtmp_handshake.SIZE :], rtmp_handshake.SIZE)
    reader = ChunkReader(limit=_MAX_MESSAGE)
    data = early[rtmp_handshake.SIZE :]
    while True:
        reader.push(data)
        wish: Wish | None = None
        while wish is None and (message := reader.pop()) is not None:
            wish = dialogue.take(message)
        if dialogue.outgoing:
            await loop.sock_sendall(sock, bytes(dialogue.outgoing))
            dialogue.outgoing.clear()
        if wish is not None:
            return wish, reader
        if reader.received > _MAX_BEFORE_PUBLISH:
            raise SourceBroken("not-rtmp", "too much before publish")
        data = await _some(sock)


async def _at_least(sock: socket.socket, data: bytes, count: int) -> bytes:
    while len(data) < count:
        data += await _some(sock)
    return data


async def _some(sock: socket.socket) -> bytes:
    data = await asyncio.get_running_loop().sock_recv(sock, 16 * 1024)
    if not data:
        raise SourceBroken("closed", "the peer has hung up")
    return data


async def _drain(sock: socket.socket) -> None:
    """Read until the peer closes, so that our last words aren't lost to a reset of the connection."""
    loop, left = asyncio.get_running_loop(), _MAX_BEFORE_PUBLISH
    while left > 0 and (data := await loop.sock_recv(sock, 16 * 1024)):
        left -= len(data)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
