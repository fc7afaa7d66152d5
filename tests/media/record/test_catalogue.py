"""Takes that only the object store has."""

import shutil
from pathlib import Path

import pytest

from amphitheatre.media.record import catalogue, deletion, track_archive
from amphitheatre.media.record.take import all_takes, load
from amphitheatre.media.store import segments as reading
from amphitheatre.media.store.object_store import opened
from tests.media.record.archiving import archived, new, rounds
from tests.media.record.growing import EPOCH, Growing
from tests.media.store.s3 import S3


async def test_on_a_new_machine_the_store_s_takes_are_there_again(tmp_path: Path, s3: S3) -> None:
    take, before = await archived(tmp_path / "old", s3)
    await rounds(new(tmp_path / "new", s3))
    again = load(tmp_path / "new/theatre/takes/20260101")
    assert again.info == take.info
    for track in ("main/480p", "languages/fr"):
        for name in ("index.jsonl", "init.mp4"):
            assert (again.path / track / name).read_bytes() == (take.path / track / name).read_bytes()
    for name, data in before.items():
        assert await reading.read(tmp_path / "new" / name) == data


async def test_a_take_whose_machine_was_lost_while_it_was_on_air_has_ended_with_its_last_part(
    tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_archive, "_NAMED_EVERY", 0.0)
    growing = Growing(tmp_path / "old")
    growing.grow(7, 8)
    await rounds(new(tmp_path / "old", s3))
    shutil.rmtree(tmp_path / "old")
    await rounds(new(tmp_path / "new", s3))
    again = load(tmp_path / "new/theatre/takes/20260101")
    assert again.info.ended == EPOCH + 9
    assert b"<8.3 at 90000>" in list(reading.parts(again.path / "main/480p", 0))


async def test_a_deleted_take_does_not_come_back_from_the_store(tmp_path: Path, s3: S3) -> None:
    take, _ = await archived(tmp_path, s3)
    deletion.delete(take)
    await catalogue.bring_back(tmp_path, opened(s3.url))
    assert all_takes(tmp_path / "theatre") == []


def takes_on(disk: Path) -> list[Path]:
    return list(disk.rglob("take.json"))


async def test_hostile_names_in_the_store_become_no_paths(tmp_path: Path, s3: S3) -> None:
    for name in ("..%2f..%2fx", ".hidden", "a b"):
        s3.replace(f"theatre/takes/{name}/take.json", b"{}")
        s3.replace(f"{name}/takes/1/take.json", b"{}")
    s3.replace("theatre/takes/1/take.json", b"no json")
    await rounds(new(tmp_path, s3))
    assert not takes_on(tmp_path)
