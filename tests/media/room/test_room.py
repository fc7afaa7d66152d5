"""A room's own memory on the disk: when its clock began, and when its takes ended."""

import os
from pathlib import Path

import msgspec
import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.room.room import Room
from tests.media.origin import plan

EPOCH = 1_700_000_000.0


def _room(folder: Path) -> Room:
    return Room(plan("a"), folder, lambda *_: None, lambda *_: None, "127.0.0.1", lambda _: 1)


def _take(folder: Path, ended: float | None = None) -> Take:
    take = Take(folder / "takes/1", TakeInfo(epoch=EPOCH, began=EPOCH, ended=ended, profile=Profile.FAST))
    take.save()
    return take


def test_its_clock_goes_on_after_a_restart(tmp_path: Path) -> None:
    epoch = _room(tmp_path).clock.epoch
    assert epoch == int(epoch)
    assert _room(tmp_path).clock.epoch == epoch


@pytest.mark.parametrize("damaged", [b"", b'"soon"'])
def test_a_damaged_epoch_is_taken_from_its_newest_recording(tmp_path: Path, damaged: bytes) -> None:
    _take(tmp_path)
    (tmp_path / "epoch.json").write_bytes(damaged)
    assert _room(tmp_path).clock.epoch == EPOCH
    assert msgspec.json.decode((tmp_path / "epoch.json").read_bytes()) == EPOCH


def test_without_a_recording_it_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "epoch.json").write_bytes(b"")
    assert _room(tmp_path).clock.epoch > EPOCH


def test_a_take_whose_end_the_disk_has_refused_has_ended_all_the_same(tmp_path: Path) -> None:
    take = _take(tmp_path)
    os.utime(take.path, (EPOCH + 60, EPOCH + 60))
    assert _room(tmp_path).ended_at(take) == EPOCH + 60
    take.info.ended = EPOCH + 30
    assert _room(tmp_path).ended_at(take) == EPOCH + 30
