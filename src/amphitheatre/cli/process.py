"""A process of ours in a group of its own, holding a lifeline to us."""

import asyncio
import contextlib
import os
import signal
from types import TracebackType
from typing import Self


class Process:
    """`async with Process(command) as process`; leaving the block kills whatever is left of the group.

    The pipes are ours rather than asyncio's: its wait() returns only when the last holder of the output is
    gone, which may be a child that has outlived the process. output ends with that last holder.
    """

    output: asyncio.StreamReader

    def __init__(self, command: list[str]) -> None:
        self._command = command

    async def __aenter__(self) -> Self:
        hold, self._lifeline = os.pipe()
        read, write = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=hold,
                stdout=write,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except BaseException:
            os.close(self._lifeline)
            os.close(read)
            raise
        finally:
            os.close(hold)
            os.close(write)
        self.output = asyncio.StreamReader()
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self.output), os.fdopen(read, "rb", buffering=0)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill_group()
        await self._process.wait()
        self._transport.close()
        os.close(self._lifeline)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """The exit code as soon as the process itself has ended; -N after signal N."""
        return await self._process.wait()

    def terminate(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
