"""The origin's handle on one of its processes: units in and out, and its end noticed once."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from amphitheatre.media.link import UNITS, Link
from amphitheatre.media.room import forks
from amphitheatre.media.unit import Unit

log = structlog.get_logger(__name__)


class Child:
    """A running process. on_unit and on_end run on the event loop; on_end once: when the process has ended by
    itself, not when `stop` has ended it.
    """

    def __init__(self, name: str, on_end: Callable[["Child"], None]) -> None:
        self.name = name
        self._on_end = on_end
        self._link: Link[Unit] | None = None
        self._process: Any = None
        self._stopped = False

    @classmethod
    async def start(
        cls,
        name: str,
        module: str,
        *args: Any,
        on_unit: Callable[[Unit], None],
        on_end: Callable[["Child"], None],
    ) -> "Child":
        """Fork the module's `run(socket, *args)`. Raises MediaError when no process can be had."""
        child = cls(name, on_end)
        child._process, sock = await asyncio.to_thread(forks.fork, name, module, *args)
        child._link = await Link.over(sock, on_unit, child._lost, UNITS)
        return child

    @property
    def pid(self) -> int | None:
        pid: int | None = self._process.pid
        return pid

    @property
    def ended(self) -> bool:
        """By itself or by `stop`."""
        return self._stopped

    @property
    def dropped(self) -> int:
        return self._link.dropped if self._link else 0

    @property
    def backlog(self) -> int:
        """Bytes that wait for the process to read them."""
        return self._link.backlog if self._link else 0

    def send(self, unit: Unit) -> None:
        if self._link is not None:
            self._link.send(unit)

    async def stop(self) -> None:
        """Close the link, which ends the process; kill it if it lingers."""
        self._stopped = True
        if self._link is not None:
            self._link.close()
        await self._reap()

    def _lost(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self._on_end(self)

    async def _reap(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._process.join, 1.0)
        if self._process.is_alive():
            log.warning("process.killed", name=self.name)
            self._process.kill()
            await loop.run_in_executor(None, self._process.join, 1.0)
        self._process.close()
