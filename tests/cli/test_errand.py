import asyncio
import sys
from pathlib import Path

import pytest

from amphitheatre.cli.errand import run_errand
from amphitheatre.cli.errors import CommandError
from tests.cli.conftest import until


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


async def test_what_it_prints_is_shown_and_returned() -> None:
    shown: list[str] = []
    assert await run_errand("it", _python("print('a'); print('ü')"), shown.append) == "a\nü"
    assert shown == ["a", "ü"]


async def test_what_it_says_on_the_side_is_no_result() -> None:
    assert await run_errand("it", _python("import sys; print('x', file=sys.stderr)")) == ""


async def test_a_failure_comes_with_its_last_lines() -> None:
    with pytest.raises(CommandError, match=r"it failed \(exit 3\):(.|\n)*why"):
        await run_errand("it", _python("import sys; print('why', file=sys.stderr); sys.exit(3)"))


async def test_cancelled_it_leaves_no_process(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = f"import os, pathlib, signal; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); signal.pause()"
    errand = asyncio.create_task(run_errand("it", _python(code)))
    await until(lambda: mark.exists() and mark.read_text() != "")
    errand.cancel()
    with pytest.raises(asyncio.CancelledError):
        await errand
    pid = int(mark.read_text())
    await until(lambda: not Path(f"/proc/{pid}").exists())
