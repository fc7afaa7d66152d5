"""What a plan says is to be pulled is opened again, but a film that was to be shown once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from amphitheatre.contract.room_plan import PullSource
from amphitheatre.media.room import openers
from amphitheatre.media.room.openers import Openers
from amphitheatre.media.room.shown import Shown


class Source:
    """Stands for one whose process plays what it is told to its end, or finds nothing."""

    room, name = "a", "views/main"

    def __init__(self, last_end: str) -> None:
        self.last_end = last_end
        self.starts = 0

    async def claim(self, takeover: bool) -> None:
        assert not takeover

    async def start(self, _job: object) -> None:
        self.starts += 1

    async def ended(self) -> bool:
        return True

    async def stop(self, _reason: str) -> None:
        self.last_end = "closed"


async def _pulled(pull: PullSource, last_end: str, kept: Path) -> int:
    """How often it is opened, three times at most."""
    source: Any = Source(last_end)
    job: Any = lambda *_: None  # noqa: E731
    async with asyncio.TaskGroup() as group:
        opener = Openers(group, "127.0.0.1", lambda _: 1, job, Shown(kept))
        task = group.create_task(opener._pull(source, pull))
        while source.starts < 3 and not task.done():
            await asyncio.sleep(0)
        task.cancel()
    return int(source.starts)


@pytest.mark.parametrize(
    ("pull", "last_end", "opened"),
    [
        (PullSource("/films/a.mp4"), "ended", 1),
        (PullSource("file:///films/a.mp4"), "ended", 1),
        (PullSource("/films/a.mp4"), "room-ended", 1),
        (PullSource("/films/a.mp4"), "process-ended", 3),
        (PullSource("/films/a.mp4", loop=True), "ended", 3),
        (PullSource("/films/not-there-yet.mp4"), "unreachable", 3),
        (PullSource("rtsp://camera/1"), "ended", 3),
    ],
)
async def test_how_often_it_is_opened(
    pull: PullSource, last_end: str, opened: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openers, "_FIRST_PAUSE", 0.0)
    assert await _pulled(pull, last_end, tmp_path / "shown.json") == opened


async def test_what_has_been_shown_is_not_shown_again_after_a_restart_unless_it_is_chosen_anew(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "shown.json"
    film = PullSource("/films/a.mp4")
    assert [await _pulled(film, "ended", kept) for _ in range(2)] == [1, 0]
    Shown(kept).follow({"views/main": film.url})
    assert await _pulled(film, "ended", kept) == 0
    Shown(kept).follow({})
    assert await _pulled(film, "ended", kept) == 1
