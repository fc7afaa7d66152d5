"""Where a source's sound goes, and what is known of each language."""

import pytest

from amphitheatre.contract.room_plan import Language, RoomPlan, View
from amphitheatre.media import clock
from amphitheatre.media.room.languages import Languages
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.voices import Voices
from amphitheatre.media.unit import Connected, Heard, Sound, Unit

PLAN = RoomPlan(
    id="a",
    title={},
    views=[View(id=view, label={}, key=f"key-of-the-view-{view}") for view in ("main", "other")],
    languages=[
        Language(tag=tag, label=tag, interpreted=tag != "zh-Hans", key=f"key-of-the-language-{tag}")
        for tag in ("zh-Hans", "fr")
    ],
    floor="zh-Hans",
)
NAMES = ("views/main", "views/other", "languages/zh-Hans", "languages/fr")


class Room:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mixed: list[Unit] = []
        self.forwarded: list[tuple[str, str]] = []
        monkeypatch.setattr(Voices, "send", lambda _, unit: self.mixed.append(unit))
        self.sources = {name: Source("a", name, lambda *_: None) for name in NAMES}
        self.languages = Languages(
            lambda: PLAN,
            clock.start(),
            self.sources,
            lambda: None,
            lambda tag, sound: self.forwarded.append((tag, sound.source)),
        )

    def sounds(self, name: str) -> None:
        self.languages.sound(self.sources[name], Sound(0, b"\0\0\0\0"))


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_every_sound_is_mixed_and_says_where_it_comes_from(room: Room) -> None:
    for name in NAMES:
        room.sounds(name)
    assert [unit.source for unit in room.mixed if isinstance(unit, Sound)] == list(NAMES)


def test_peers_hear_a_language_by_its_own_sound_and_the_floor_by_the_first_views(room: Room) -> None:
    for name in ("views/main", "views/other", "languages/fr"):
        room.sounds(name)
    assert room.forwarded == [("zh-Hans", "views/main"), ("fr", "languages/fr")]


def test_a_floor_that_is_pushed_goes_before_the_first_views(room: Room) -> None:
    room.sources["languages/zh-Hans"].connected = True
    room.sounds("views/main")
    room.sounds("languages/zh-Hans")
    assert room.forwarded == [("zh-Hans", "languages/zh-Hans")]


def test_the_process_is_told_who_is_in_and_what_it_is_to_make(room: Room) -> None:
    room.sources["languages/fr"].connected = True
    assert room.languages._connected() == [Connected("", "languages/fr")]
    spec = room.languages._mix_spec()
    assert (spec.tags, spec.floor, spec.floor_source) == (["zh-Hans", "fr"], "zh-Hans", "views/main")


def test_what_a_language_carries_is_known_until_a_new_take_begins(room: Room) -> None:
    room.languages._take(Heard("fr", "voice"))
    assert room.languages.heard == {"fr": "voice"}
    room.languages.begin()
    assert room.languages.heard == {}
