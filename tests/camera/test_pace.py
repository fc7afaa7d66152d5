import threading
import time
from itertools import islice

from amphitheatre.camera.pace import Pace


class Clock:
    """A clock that waiting moves on."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Waiting(threading.Event):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.clock.now += timeout or 0
        return self.is_set()


def test_beats_fall_on_whole_frames_of_wall_time() -> None:
    clock = Clock(1000.01)
    for beat in islice(Pace(30, Waiting(clock), clock), 90):
        assert 0 <= clock.now - beat / 30 < 1e-6


def test_beats_come_in_time_and_never_early() -> None:
    late = [time.time() - beat / 50 for beat in islice(Pace(50, threading.Event()), 25)]
    assert min(late) >= 0
    assert sorted(late)[2] < 0.005  # the others may have waited for the machine


def test_missed_beats_are_skipped_and_counted() -> None:
    clock = Clock(1000.0)
    pace = Pace(10, Waiting(clock), clock)
    beats = iter(pace)
    first = next(beats)
    clock.now += 0.55
    assert next(beats) == first + 5
    assert pace.skipped == 4


def test_a_clock_that_is_set_back_is_followed() -> None:
    clock = Clock(1000.0)
    beats = iter(Pace(10, Waiting(clock), clock))
    next(beats)
    clock.now -= 3600
    assert abs(next(beats) - clock.now * 10) <= 1


def test_it_ends_while_waiting() -> None:
    ending = threading.Event()
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.extend(Pace(0.1, ending, lambda: 1001.0)))
    thread.start()
    ending.set()
    thread.join(60)
    assert not thread.is_alive()
    assert heard == []
