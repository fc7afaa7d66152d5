"""Processes of a measurement: what they use of cores and memory, where they run, and the load generator's."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_TICK = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """All descendants of a process, nearest first; what ends meanwhile has none."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                    found += [int(child), *children(int(child))]
    return found


def command(pid: int) -> str:
    """The command line; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def core_seconds(pids: Iterable[int]) -> float:
    """User and system time that the processes have used; those that are gone count nothing."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICK


def proportional_memory(pids: Iterable[int]) -> int:
    """Bytes: the sum of the proportional set sizes, so that shared pages count once."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(1024 * int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total


def pin(pids: Iterable[int], core: int) -> None:
    """Every thread of the processes to one core."""
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            try:
                os.sched_setaffinity(int(task.name), {core})
            except ProcessLookupError:
                continue


async def ask_generator(wish: dict[str, Any]) -> dict[str, Any]:
    """Run the load generator in a process of its own. Raises RuntimeError with its last words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load_generator",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(json.dumps(wish).encode())
    if process.returncode:
        lines = err.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"load generator: {lines[-1] if lines else process.returncode}")
    found: dict[str, Any] = json.loads(out)
    return found
