from itertools import pairwise

import numpy as np
import pytest

from amphitheatre.media.language.track import MARGIN, MUTE, PATIENCE, Candidate, Frame, LanguageTrack
from amphitheatre.media.language.voice_buffer import VoiceBuffer
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE

FIRST = 1000 * AAC_FRAME
VOICE, FLOOR = 8000, 2000


class Booth:
    """A language with its voice and the floor; each has a level of its own."""

    def __init__(self) -> None:
        self.voice, self.floor = VoiceBuffer(), VoiceBuffer()
        candidates = [Candidate("voice", self.voice), Candidate("floor", self.floor)]
        self.track = LanguageTrack("fr", candidates, FIRST - 10)

    def speak(self, buffer: VoiceBuffer, first: int, frames: int) -> None:
        level = VOICE if buffer is self.voice else FLOOR
        samples = np.full((frames * AAC_FRAME, 2), level, np.int16)
        buffer.connected = True
        buffer.write(FIRST + first * AAC_FRAME, samples.tobytes())

    def due(self, now: int) -> list[Frame]:
        """All that can be decided at that room time."""
        found = []
        while (frame := self.track.next_frame(now)) is not None:
            found.append(frame)
        return found


@pytest.fixture
def booth() -> Booth:
    return Booth()


def after(frames: int, seconds: float = 0.0) -> int:
    """Room time in samples: behind so many frames, and seconds later."""
    return FIRST + frames * AAC_FRAME + round(seconds * SOUND_RATE)


def test_it_begins_on_the_grid_of_aac_frames(booth: Booth) -> None:
    booth.speak(booth.voice, 0, 1)
    assert [frame.at for frame in booth.due(after(0))] == [FIRST]


def test_the_voice_goes_before_the_floor(booth: Booth) -> None:
    booth.speak(booth.floor, 0, 3)
    booth.speak(booth.voice, 0, 3)
    frames = booth.due(after(0))
    assert [frame.source for frame in frames] == ["voice"] * 3
    assert (frames[1].samples == VOICE).all()


def test_without_a_voice_the_floor_is_heard_at_once(booth: Booth) -> None:
    booth.speak(booth.floor, 0, 2)
    assert [frame.source for frame in booth.due(after(0))] == ["floor"] * 2


def test_a_voice_that_is_late_is_waited_for_with_patience(booth: Booth) -> None:
    booth.speak(booth.floor, 0, 100)
    booth.speak(booth.voice, 0, 2)
    assert [frame.source for frame in booth.due(after(2))] == ["voice"] * 2
    assert booth.due(after(3, PATIENCE - 0.001)) == []
    assert [frame.source for frame in booth.due(after(3, PATIENCE))] == ["floor"]
    booth.speak(booth.voice, 3, 2)
    assert [frame.source for frame in booth.due(after(5))] == ["voice"] * 2


def test_a_source_without_sound_is_not_waited_for(booth: Booth) -> None:
    booth.floor.connected = True
    assert booth.due(after(1, MARGIN - 0.001)) == []
    assert [frame.source for frame in booth.due(after(1, MARGIN))] == ["silence"]


def test_nor_is_one_that_has_fallen_silent_for_long(booth: Booth) -> None:
    booth.speak(booth.floor, 0, 1)
    booth.due(after(0))
    mute = round(MUTE * SOUND_RATE / AAC_FRAME)
    frames = booth.due(after(mute + 20, MARGIN))
    assert len(frames) == mute + 19
    assert {frame.source for frame in frames} == {"silence"}


def test_a_voice_that_has_gone_is_not_waited_for(booth: Booth) -> None:
    booth.speak(booth.floor, 0, 5)
    booth.speak(booth.voice, 0, 2)
    booth.voice.connected = False
    assert [frame.source for frame in booth.due(after(0))] == ["voice"] * 2 + ["floor"] * 3


def test_with_nobody_there_it_is_silent_a_moment_after_its_time(booth: Booth) -> None:
    assert booth.due(after(1, MARGIN - 0.001)) == []
    (frame,) = booth.due(after(1, MARGIN))
    assert (frame.source, frame.at) == ("silence", FIRST)
    assert not frame.samples.any()


def test_from_voice_to_floor_to_silence_there_is_never_a_hole(booth: Booth) -> None:
    booth.speak(booth.voice, 0, 3)
    booth.speak(booth.floor, 0, 6)
    frames = booth.due(after(9, PATIENCE))
    assert [frame.source for frame in frames] == ["voice"] * 3 + ["floor"] * 3 + ["silence"] * 3
    assert all(b.at - a.at == AAC_FRAME for a, b in pairwise(frames))
    assert all(frame.samples.shape == (AAC_FRAME, 2) for frame in frames)


def test_a_change_of_source_is_a_crossfade_and_no_click(booth: Booth) -> None:
    booth.speak(booth.voice, 0, 10)
    booth.speak(booth.floor, 0, 10)
    booth.due(after(0))
    booth.speak(booth.floor, 10, 3)
    booth.voice.connected = False
    frames = booth.due(after(0))
    assert frames[0].source == "floor"
    steps = np.abs(np.diff(np.concatenate([frame.samples[:, 0] for frame in frames]).astype(int)))
    assert steps.max() < 30
    assert (frames[1].samples == FLOOR).all()
