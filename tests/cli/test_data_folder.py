import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from amphitheatre.cli import data_folder
from amphitheatre.cli.errors import CommandError


def test_a_folder_that_is_missing_is_made_and_left_empty(tmp_path: Path) -> None:
    data_folder.require(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_what_is_no_folder_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="AMPHITHEATRE_DATA") as refused:
        data_folder.require(tmp_path / "file")
    assert "\n" not in str(refused.value)


def test_where_nobody_may_write_is_said_so() -> None:
    with pytest.raises(CommandError, match="can't be written"):
        data_folder.require(Path("/proc/amphitheatre"))


def test_a_full_disk_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12_000_000))
    with pytest.raises(CommandError, match="Only 12 MB are free"):
        data_folder.require(tmp_path)
