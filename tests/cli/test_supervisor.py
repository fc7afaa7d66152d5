import os
import signal
import sys
from pathlib import Path

import pytest

from amphitheatre.cli.supervisor import Keeper, Program, Supervisor, ending, pause_after
from tests.cli.conftest import until

WAITS = "import signal; print('up', flush=True); signal.pause()"
# The child keeps the grandchild's id in its log, and both would live on if only the child were told to end.
HAS_CHILD = (
    "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
)
IGNORES = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True:
    signal.pause()
"""


def _python(code: str) -> Program:
    return Program("it", [sys.executable, "-c", code])


def _said(keeper: Keeper) -> str:
    return keeper.log.path.read_text()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


async def test_a_killed_program_is_started_again_at_once_and_it_is_said(tmp_path: Path) -> None:
    lines: list[str] = []
    async with Supervisor(tmp_path, lines.append) as house:
        keeper = house.start(_python(WAITS))
        await until(lambda: keeper.log.path.stat().st_size > 0)
        first = keeper.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: keeper.starts == 2 and keeper.pid is not None)
        assert keeper.pid != first
    assert lines == [f"it was killed by SIGKILL; starting it again in 0.1 s (see {keeper.log.path})"]


async def test_a_killed_program_does_not_wait_for_the_children_it_has_left(tmp_path: Path) -> None:
    async with Supervisor(tmp_path, print) as house:
        keeper = house.start(_python(HAS_CHILD))
        await until(lambda: _said(keeper).endswith("\n"))
        child, grandchild = keeper.pid, int(_said(keeper))
        assert child is not None
        os.kill(child, signal.SIGKILL)
        await until(lambda: keeper.starts == 2)
        await until(lambda: not _is_alive(grandchild))


async def test_leaving_ends_the_program_and_all_that_it_started(tmp_path: Path) -> None:
    async with Supervisor(tmp_path, print) as house:
        keeper = house.start(_python(HAS_CHILD))
        await until(lambda: _said(keeper).endswith("\n"))
        child, grandchild = keeper.pid, int(_said(keeper))
        assert child is not None
        assert _is_alive(grandchild)
    assert not _is_alive(child)
    await until(lambda: not _is_alive(grandchild))


async def test_a_program_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amphitheatre.cli.supervisor.GRACE", 0.1)
    async with Supervisor(tmp_path, print) as house:
        keeper = house.start(_python(IGNORES))
        await until(lambda: keeper.log.path.stat().st_size > 0)
        pid = keeper.pid
        assert pid is not None
    assert not _is_alive(pid)
    assert keeper.starts == 1, "the end was asked for, so it is no reason to start again"


async def test_an_error_in_the_block_still_ends_the_program_and_comes_through(tmp_path: Path) -> None:
    pids: list[int | None] = []

    async def fail() -> None:
        async with Supervisor(tmp_path, print) as house:
            keeper = house.start(_python(WAITS))
            await until(lambda: keeper.log.path.stat().st_size > 0)
            pids.append(keeper.pid)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    pid = pids[0]
    assert pid is not None
    assert not _is_alive(pid)


async def test_a_program_that_keeps_failing_waits_ever_longer(tmp_path: Path) -> None:
    lines: list[str] = []
    async with Supervisor(tmp_path, lines.append) as house:
        house.start(_python("raise SystemExit(3)"))
        await until(lambda: len(lines) == 3)
    assert [line.partition(" in ")[2].partition(" (")[0] for line in lines] == ["0.1 s", "0.2 s", "0.4 s"]
    assert all("ended with exit code 3" in line for line in lines)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0.1), (1, 0.1), (2, 0.2), (5, 1.6), (8, 10.0), (90, 10.0)]
)
def test_the_pause_doubles_up_to_its_limit(failures: int, seconds: float) -> None:
    assert pause_after(failures) == pytest.approx(seconds)


def test_an_ending_is_told_in_words() -> None:
    assert ending(0) == "ended with exit code 0"
    assert ending(-9) == "was killed by SIGKILL"
