"""All languages of a room together: who is heard where, and that no language ever has a hole."""

from itertools import pairwise

import numpy as np
import pytest

from amphitheatre.media.clock import RoomClock
from amphitheatre.media.language.mixer import Mixer
from amphitheatre.media.language.spec import MixSpec
from amphitheatre.media.unit import (
    AAC_FRAME,
    SOUND_RATE,
    CodedSound,
    Connected,
    Heard,
    KeyframePlease,
    Lost,
    Sound,
    SoundFormat,
)

TAGS = ["zh-Hans", "en", "fr"]
CAMERA = "views/main"


class Room:
    """A mixer whose clock is moved by the test. at: room time, samples."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 0
        clock = RoomClock(epoch=0.0, wall_minus_monotonic=0.0)
        monkeypatch.setattr("amphitheatre.media.clock.time.monotonic", lambda: self.at / SOUND_RATE)
        self.mixer = Mixer(MixSpec(tags=TAGS, floor="zh-Hans", floor_source=CAMERA, start=0, clock=clock))
        self.coded: dict[str, list[CodedSound]] = {tag: [] for tag in TAGS}
        self.heard: dict[str, list[str]] = {tag: [] for tag in TAGS}

    def second(self, **sources: int) -> None:
        """A second passes in which the sources (camera, or a language's tag) send a level each."""
        for _ in range(10):
            for name, level in sources.items():
                source = CAMERA if name == "camera" else f"languages/{name.replace('_', '-')}"
                samples = np.full((SOUND_RATE // 10, 2), level, np.int16)
                self.mixer.take(Sound(self.at, samples.tobytes(), source))
            self.at += SOUND_RATE // 10
            for unit in self.mixer.give():
                if isinstance(unit, CodedSound):
                    self.coded[unit.tag].append(unit)
                elif isinstance(unit, Heard):
                    self.heard[unit.tag].append(unit.source)

    def connect(self, *names: str) -> None:
        for name in names:
            self.mixer.take(Connected("rtmp", name))


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


def test_every_language_is_described_before_anything_is_heard(room: Room) -> None:
    formats = list(room.mixer.formats())
    assert [unit.tag for unit in formats if isinstance(unit, SoundFormat)] == TAGS
    assert all(isinstance(unit, SoundFormat) and unit.asc and unit.silence for unit in formats)


def test_without_any_source_all_languages_are_silence_without_a_hole(room: Room) -> None:
    for _ in range(3):
        room.second()
    for tag in TAGS:
        assert room.heard[tag] == ["silence"]
        steps = {after.dts - before.dts for before, after in pairwise(room.coded[tag])}
        assert steps == {AAC_FRAME}
        assert len(room.coded[tag]) > 2.8 * SOUND_RATE / AAC_FRAME


def test_the_floor_is_heard_where_nobody_interprets_and_each_voice_in_its_own_language_alone(
    room: Room,
) -> None:
    room.connect(CAMERA, "languages/fr")
    room.second(camera=3000, fr=3000)
    assert {tag: heard[-1] for tag, heard in room.heard.items()} == {
        "zh-Hans": "floor",
        "en": "floor",
        "fr": "voice",
    }
    room.mixer.take(Lost("closed", "languages/fr"))
    room.second(camera=3000)
    assert room.heard["fr"] == ["voice", "floor"]
    room.mixer.take(Lost("closed", CAMERA))
    room.second()
    assert {heard[-1] for heard in room.heard.values()} == {"silence"}


def test_a_sound_pushed_to_the_floors_own_language_goes_before_the_cameras(room: Room) -> None:
    """The camera sends silence here, so that what is coded tells which of the two is carried."""
    room.connect(CAMERA, "languages/zh-Hans")
    room.second(camera=0, zh_Hans=0)
    quiet = len(room.coded["en"][-1].data)
    for k in range(20):
        room.second(camera=0, zh_Hans=9000 if k % 2 else -9000)
    assert room.heard["en"] == ["floor"]
    assert max(len(sound.data) for sound in room.coded["en"][50:]) > quiet


def test_what_concerns_no_language_is_ignored(room: Room) -> None:
    room.connect("views/other", "languages/de")
    room.mixer.take(KeyframePlease())
    room.mixer.take(Sound(0, bytes(4), "views/other"))
    room.second(de=5000)
    assert {heard[-1] for heard in room.heard.values()} == {"silence"}
