"""A thin or shaky TCP line between a browser and a server of this machine.

    async with ShapedLine(Shape(round_trip=0.3, bandwidth=2e6), port) as line:
        ...  # http://127.0.0.1:{line.port} is the server as it looks from far away

What TCP makes of a lost packet: it and all bytes behind it on that connection come a round trip later, in order.
"""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_PACKET = 1448  # bytes
_QUEUE = 512  # packets on their way in one direction of a connection; then the sender waits


@dataclass(frozen=True)
class Shape:
    """round_trip, jitter (the most that chance adds to a crossing): seconds. loss: share of packets.
    bandwidth: bits/s of all connections together, in each direction.
    """

    round_trip: float = 0.02
    jitter: float = 0.0
    loss: float = 0.0
    bandwidth: float = 20e6


class _Direction:
    """All connections one way: their bytes stand in one queue for the bandwidth."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self._shape = shape
        self._chance = random.Random(seed)
        self._free = 0.0

    def crosses_at(self, size: int) -> float:
        """time.monotonic() at which a packet that is sent now is there."""
        shape = self._shape
        self._free = max(self._free, time.monotonic()) + size * 8 / shape.bandwidth
        lost = shape.round_trip if self._chance.random() < shape.loss else 0.0
        return self._free + shape.round_trip / 2 + self._chance.random() * shape.jitter + lost


class ShapedLine:
    """port: of the server."""

    def __init__(self, shape: Shape, port: int) -> None:
        self._server_port = port
        self._there, self._back = _Direction(shape, 1), _Direction(shape, 2)
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there = await asyncio.open_connection("127.0.0.1", self._server_port)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(reader, there[1], self._there))
                group.create_task(self._carry(there[0], writer, self._back))

    @staticmethod
    async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Direction) -> None:
        """Until one side hangs up; then the other is hung up as well."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_QUEUE)

        async def send() -> None:
            while True:
                at, data = await queue.get()
                await asyncio.sleep(at - time.monotonic())
                if not data:
                    break
                writer.write(data)
                await writer.drain()

        sending = asyncio.create_task(send())
        last = 0.0
        try:
            while not sending.done():
                data = await reader.read(_PACKET)
                last = max(last, way.crosses_at(len(data)))
                await queue.put((last, data))
                if not data:
                    break
            await sending
        except OSError:
            sending.cancel()
        finally:
            writer.close()
