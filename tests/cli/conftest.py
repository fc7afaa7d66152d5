import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, named by the environment."""
    monkeypatch.setenv("AMPHITHEATRE_DATA", str(tmp_path))
    return tmp_path


async def until(condition: Callable[[], bool], within: float = 60.0) -> None:
    """Wait for a condition; fails the test after `within` seconds."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.01)


def until_true(condition: Callable[[], bool], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)
