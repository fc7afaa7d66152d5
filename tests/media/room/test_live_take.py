"""After a restart: the take that was on air a moment ago goes on, what was cut off before has ended."""

import errno
import shutil
import time
from pathlib import Path

import pytest

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.media.clock import start
from amphitheatre.media.record import recorder
from amphitheatre.media.record.take import Take, all_takes
from amphitheatre.media.room import live_take
from amphitheatre.media.room.live_take import LiveTake
from tests.media.origin import plan

PLAN: RoomPlan = plan("a")


def _failed(error: OSError) -> None:
    raise error


def _begun(folder: Path) -> LiveTake:
    return LiveTake.begin(folder, PLAN, start(), _failed)


def _resumed(folder: Path) -> tuple[LiveTake | None, list[str]]:
    closed: list[str] = []
    return LiveTake.resume(folder, PLAN, start(), _failed, closed.append), closed


def test_a_take_of_which_nothing_was_kept_lately_has_ended_and_its_room_is_told(tmp_path: Path) -> None:
    cut_off = _begun(tmp_path)
    resumed, closed = _resumed(tmp_path)
    assert resumed is None
    assert closed == [cut_off.take.id]
    (kept,) = all_takes(tmp_path)
    assert kept.info.ended == kept.info.began


def test_what_has_ended_in_order_is_left_alone(tmp_path: Path) -> None:
    take = _begun(tmp_path)
    take.end()
    ended = take.take.info.ended
    assert _resumed(tmp_path) == (None, [])
    assert next(iter(all_takes(tmp_path))).info.ended == ended


def test_the_take_of_a_moment_ago_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = _begun(tmp_path)
    monkeypatch.setattr(live_take, "RESUME_WITHIN", time.time() + 1)  # as if its last segment were of now
    resumed, closed = _resumed(tmp_path)
    assert closed == []
    assert resumed is not None
    assert resumed.take.id == take.take.id
    assert not resumed.ended


def test_an_end_that_the_disk_refused_is_written_as_soon_as_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "RETRY_AFTER", 0.0)
    live = LiveTake.begin(tmp_path, PLAN, start(), lambda _: None)
    full = True
    save = Take.save

    def refuses(take: Take) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(take)

    monkeypatch.setattr(Take, "save", refuses)
    live.end()
    assert not live.finish()
    assert next(iter(all_takes(tmp_path))).info.ended is None
    full = False
    assert live.finish()
    assert next(iter(all_takes(tmp_path))).info.ended == live.take.info.ended


def test_an_end_is_not_written_into_what_has_been_deleted(tmp_path: Path) -> None:
    live = LiveTake.begin(tmp_path, PLAN, start(), _failed)
    live.end()
    shutil.rmtree(live.take.path)
    assert live.finish()
    assert not live.take.path.exists()
