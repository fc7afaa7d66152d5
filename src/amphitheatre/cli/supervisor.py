"""Keeps programs running: starts each in a process group of its own, restarts it, ends all of them.

    async with Supervisor(logs, say) as house:
        house.start(verb("media"))

A program that ends is started again at once, then after ever longer pauses while it keeps failing soon
after its start. Leaving the block ends all programs, politely first. Every program holds a lifeline (see
`lifeline`), so none outlives us.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from amphitheatre.cli.log_file import LogFile
from amphitheatre.cli.process import Process

FIRST_PAUSE: Final = 0.1  # seconds before the first restart
LONGEST_PAUSE: Final = 10.0  # seconds
STEADY: Final = 10.0  # seconds after which a program counts as having started well
GRACE: Final = 6.0  # seconds for a clean end
CHUNK: Final = 1 << 16  # bytes


class Program(msgspec.Struct, frozen=True):
    """What to run, by the name of its log."""

    name: str
    command: list[str]


def verb(name: str, *arguments: str) -> Program:
    """One of our own verbs as a program that holds a lifeline."""
    return Program(name, [sys.executable, "-m", "amphitheatre.cli.main", name, "--supervised", *arguments])


class Keeper:
    """One program and its present process."""

    def __init__(self, program: Program, log: LogFile, say: Callable[[str], None]) -> None:
        self.program = program
        self.log = log
        self.starts = 0
        self.pid: int | None = None
        self._say = say
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Keep the program running until `stop`."""
        failures = 0
        clock = asyncio.get_running_loop().time
        while not self._stopping.is_set():
            began = clock()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            failures = failures + 1 if clock() - began < STEADY else 0
            pause = pause_after(failures)
            self._say(
                f"{self.program.name} {ending(code)}; starting it again in {pause:g} s (see {self.log.path})"
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def stop(self) -> None:
        """Ask for the end; `run` returns when the process is gone."""
        self._stopping.set()

    async def _run_once(self) -> int:
        """Start the process and wait for its end or for `stop`. Returns its exit code."""
        async with Process(self.program.command) as process:
            self.starts += 1
            self.pid = process.pid
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._keep_log(process.output))
                    code = await self._end_of(process)
                    process.kill_group()  # what it has left behind; the log ends with the last of them
            finally:
                self.pid = None
        return code

    async def _end_of(self, process: Process) -> int:
        ended = asyncio.ensure_future(process.wait())
        asked = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.terminate()
                await asyncio.wait({ended}, timeout=GRACE)
            if not ended.done():
                process.kill_group()
            return await ended
        finally:
            asked.cancel()
            ended.cancel()

    async def _keep_log(self, output: asyncio.StreamReader) -> None:
        full = False
        while data := await output.read(CHUNK):
            try:
                self.log.append(data)
            except OSError as e:  # a full disk must not stop the house
                if not full:
                    self._say(f"{self.log.path} can't be written ({e.strerror}); going on without it")
                full = True


class Supervisor:
    """Owns all keepers. say: shows one line to the person at the terminal."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._group = asyncio.TaskGroup()
        self._keepers: list[Keeper] = []

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for keeper in self._keepers:
            keeper.stop()
        # The group is left without the error: it would cancel the keepers, which are just ending well.
        await self._group.__aexit__(None, None, None)
        for keeper in self._keepers:
            keeper.log.close()

    def start(self, program: Program) -> Keeper:
        keeper = Keeper(program, LogFile(self._logs / f"{program.name}.log"), self._say)
        self._keepers.append(keeper)
        self._group.create_task(keeper.run(), name=program.name)
        return keeper


def pause_after(failures: int) -> float:
    """Seconds before the next start, after so many quick failures in a row."""
    return min(FIRST_PAUSE * 2.0 ** max(0, failures - 1), LONGEST_PAUSE)


def ending(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was killed by {signal.Signals(-code).name}"
