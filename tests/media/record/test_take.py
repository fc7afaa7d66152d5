from pathlib import Path

import msgspec
import pytest

from amphitheatre.contract.room_plan import Language, Profile, RoomPlan, View
from amphitheatre.media.record.take import TAKE_FILE, all_takes, begin, load
from amphitheatre.media.unit import PictureFormat, SoundFormat

PLAN = RoomPlan(
    id="theatre",
    title={"en": "Theatre"},
    views=[View(id="main", label={"en": "Camera"}, key="k" * 16)],
    languages=[
        Language(tag="fr", label="Français", interpreted=True, key="f" * 16),
        Language(tag="zh-Hans", label="中文", interpreted=False, key="z" * 16),
    ],
    floor="zh-Hans",
    profile=Profile.GLOBAL,
)
NOW = 1_700_000_000.25


def test_a_take_begins_with_what_the_plan_says(tmp_path: Path) -> None:
    take = begin(tmp_path, PLAN, NOW - 5, NOW)
    assert take.id == "20231114T221320250000Z"
    assert take.path == tmp_path / "takes" / take.id
    assert (take.info.epoch, take.info.began, take.info.ended) == (NOW - 5, NOW, None)
    assert take.info.profile is Profile.GLOBAL
    assert take.info.languages == {"fr": "Français", "zh-Hans": "中文"}
    assert take.info.floor == "zh-Hans"


def test_it_holds_no_key(tmp_path: Path) -> None:
    take = begin(tmp_path, PLAN, NOW, NOW)
    take.save()
    text = (take.path / TAKE_FILE).read_text()
    assert not any(key in text for key in ("k" * 16, "f" * 16, "z" * 16))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    take = begin(tmp_path, PLAN, NOW, NOW)
    take.info.pictures["main"] = [PictureFormat("480p", b"\x01\xff", 854, 480, 25, 1_000_000)]
    take.info.sounds["fr"] = SoundFormat("fr", b"\x11\x90", 64_000, b"\x00\x01")
    take.save()
    take.info.ended = NOW + 60
    take.save()
    again = load(take.path)
    assert again.info == take.info
    assert [path.name for path in take.path.iterdir()] == [TAKE_FILE]


def test_takes_are_listed_oldest_first_without_the_damaged(tmp_path: Path) -> None:
    assert all_takes(tmp_path) == []
    for now in (NOW + 100, NOW, NOW + 50):
        begin(tmp_path, PLAN, NOW, now).save()
    damaged = begin(tmp_path, PLAN, NOW, NOW + 200)
    damaged.save()
    (damaged.path / TAKE_FILE).write_bytes(b'{"epoch":')
    (tmp_path / "takes" / "99999999").mkdir()
    unfinished = begin(tmp_path, PLAN, NOW, NOW + 300)
    unfinished.save()
    unfinished.path.rename(tmp_path / "takes" / ".unfinished")
    assert [take.info.began for take in all_takes(tmp_path)] == [NOW, NOW + 50, NOW + 100]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]"])
def test_a_damaged_take_is_told_from_a_missing_one(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path)
    (tmp_path / TAKE_FILE).write_bytes(content)
    with pytest.raises(msgspec.DecodeError):
        load(tmp_path)
