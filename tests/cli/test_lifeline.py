import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import until_true

# A supervisor of one program which itself has a child; both ids are told, then it is killed.
SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from amphitheatre.cli.supervisor import Program, Supervisor

async def main():
    async with Supervisor(Path(sys.argv[1]), print) as house:
        house.start(Program("it", [sys.executable, "-c", sys.argv[2]]))
        await asyncio.Event().wait()

asyncio.run(main())
"""
SUPERVISED = """
import argparse, os, signal, subprocess
from amphitheatre.cli import lifeline

lifeline.GRACE = 0.2
if {stubborn}:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
lifeline.hold(argparse.Namespace(supervised=True))
print(os.getpid(), child.pid, flush=True)
while True:
    signal.pause()
"""


def _survivors(tmp_path: Path, stubborn: bool) -> list[int]:
    """Kill a supervisor and give the processes to watch."""
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path), SUPERVISED.format(stubborn=stubborn)]
    supervisor = subprocess.Popen(command)
    log = tmp_path / "it.log"
    until_true(lambda: log.exists() and log.read_text().endswith("\n"))
    told = [int(pid) for pid in log.read_text().split()]
    assert not any(_is_gone(pid) for pid in told), "they live as long as their supervisor"
    supervisor.kill()
    supervisor.wait()
    return told


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("stubborn", [False, True], ids=["ends when told", "has to be killed"])
def test_a_program_and_its_children_end_when_its_supervisor_is_killed(tmp_path: Path, stubborn: bool) -> None:
    program, child = _survivors(tmp_path, stubborn)
    until_true(lambda: _is_gone(program) and _is_gone(child))
