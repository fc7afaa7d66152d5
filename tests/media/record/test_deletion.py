import shutil
from pathlib import Path

import pytest

from amphitheatre.media.record import deletion
from amphitheatre.media.record.take import Take, all_takes
from amphitheatre.media.store.segments import STORE_FILE
from tests.media.record.growing import Growing


@pytest.fixture
def take(tmp_path: Path) -> Take:
    growing = Growing(tmp_path)
    growing.grow(7)
    growing.end()
    return growing.take


def leftovers(rooms: Path) -> list[str]:
    return sorted(
        str(path.relative_to(rooms / "theatre/takes/.deleted")) for path in rooms.rglob("*/.deleted/*")
    )


def test_of_a_take_that_was_never_in_a_store_nothing_is_left(take: Take, tmp_path: Path) -> None:
    deletion.delete(take)
    assert all_takes(tmp_path / "theatre") == []
    assert leftovers(tmp_path) == []
    assert deletion.pending(tmp_path) == []


def test_of_one_that_may_be_in_a_store_only_the_place_there_is_left(take: Take, tmp_path: Path) -> None:
    (take.path / STORE_FILE).write_text("s3://bucket")
    deletion.delete(take)
    assert deletion.is_pending(take.path)
    (doomed,) = deletion.pending(tmp_path)
    assert [path.name for path in doomed.iterdir()] == [STORE_FILE]
    deletion.forget(doomed)
    assert not deletion.is_pending(take.path)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("stored", [False, True])
def test_a_deletion_that_was_cut_off_is_finished(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    if stored:
        (take.path / STORE_FILE).write_text("s3://bucket")

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            deletion.delete(take)
    assert all_takes(tmp_path / "theatre") == []
    deletion.finish(tmp_path / "theatre")
    assert leftovers(tmp_path) == ["20260101"] * stored
    assert not list(tmp_path.rglob("*.m4s"))


def test_one_that_is_gone_from_the_store_before_it_is_gone_from_the_disk_is_finished_too(
    take: Take, tmp_path: Path
) -> None:
    (take.path / STORE_FILE).write_text("s3://bucket")
    doomed = tmp_path / "theatre/takes/.deleted/20260101"
    doomed.parent.mkdir()
    take.path.rename(doomed)
    deletion.forget(doomed)
    deletion.finish(tmp_path / "theatre")
    assert leftovers(tmp_path) == []
