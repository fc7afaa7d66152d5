import numpy as np
import pytest

from amphitheatre.media.language.voice_buffer import VoiceBuffer
from amphitheatre.media.unit import SOUND_RATE

CAPACITY = 8 * SOUND_RATE
START = 1_000_000_000  # hours into the room's time


def sound(value: int, count: int) -> bytes:
    return np.full((count, 2), value, np.int16).tobytes()


@pytest.fixture
def buffer() -> VoiceBuffer:
    buffer = VoiceBuffer()
    buffer.write(START, sound(1, 1000))
    return buffer


def left(buffer: VoiceBuffer, at: int, count: int) -> list[int]:
    samples = buffer.read(at, count)
    assert samples.shape == (count, 2)
    assert (samples[:, 0] == samples[:, 1]).all()
    return [int(value) for value in samples[:, 0]]


def test_what_was_written_is_read(buffer: VoiceBuffer) -> None:
    assert buffer.end == START + 1000
    assert left(buffer, START + 998, 2) == [1, 1]


def test_before_and_behind_it_there_is_silence(buffer: VoiceBuffer) -> None:
    assert left(buffer, START - 2, 4) == [0, 0, 1, 1]
    assert left(buffer, START + 998, 4) == [1, 1, 0, 0]
    assert left(buffer, START + 5000, 2) == [0, 0]


def test_a_hole_is_silence_even_where_the_ring_held_something(buffer: VoiceBuffer) -> None:
    buffer.write(START + CAPACITY - 500, sound(2, 1000))
    buffer.write(START + CAPACITY + 1500, sound(3, 10))
    assert left(buffer, START + CAPACITY + 499, 2) == [2, 0]
    assert set(left(buffer, START + CAPACITY + 500, 1000)) == {0}
    assert left(buffer, START + CAPACITY + 1499, 2) == [0, 3]


def test_a_hole_longer_than_the_ring_leaves_nothing_of_before(buffer: VoiceBuffer) -> None:
    far = START + 3 * CAPACITY + 17
    buffer.write(far, sound(2, 10))
    assert set(left(buffer, far - CAPACITY + 10, CAPACITY - 10)) == {0}
    assert left(buffer, far, 1) == [2]


def test_an_overlap_is_overwritten_and_moves_nothing(buffer: VoiceBuffer) -> None:
    buffer.write(START + 500, sound(2, 100))
    assert buffer.end == START + 1000
    assert left(buffer, START + 499, 2) == [1, 2]
    assert left(buffer, START + 599, 2) == [2, 1]


def test_what_comes_too_late_for_the_ring_spoils_nothing(buffer: VoiceBuffer) -> None:
    buffer.write(START + 1000, sound(1, CAPACITY))
    buffer.write(START - 100, sound(9, 200))
    assert 9 not in left(buffer, buffer.end - CAPACITY, CAPACITY)


def test_of_more_than_fits_the_end_is_kept_at_its_time(buffer: VoiceBuffer) -> None:
    long = np.repeat(np.arange(CAPACITY + 50) % 1000, 2).astype(np.int16)
    buffer.write(START + 1000, long.tobytes())
    assert buffer.end == START + 1000 + CAPACITY + 50
    assert left(buffer, buffer.end - 1, 1) == [(CAPACITY + 49) % 1000]
    assert left(buffer, buffer.end - CAPACITY, 1) == [50]
