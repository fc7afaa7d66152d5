"""The source's clock against the room's, without any stream: arrivals are simulated."""

import itertools
import random

import pytest

from amphitheatre.media.ingest.mapping import SourceClock

_FRAME = 1 / 30
_SOUND = 1024 / 48_000


class Line:
    """A publisher whose clock runs `ppm` fast, behind a line with a base delay; its units in order of arrival."""

    def __init__(self, ppm: float = 0.0, delay: float = 0.05, seed: int = 1) -> None:
        self.rate = 1 + ppm * 1e-6
        self.delay = delay
        self.dice = random.Random(seed)
        self.free_at = 0.0

    def arrival(self, captured: float, extra: float = 0.0) -> float:
        """Jitter of some 10 ms; nothing overtakes what was sent before."""
        self.free_at = max(self.free_at, captured + self.delay + extra + self.dice.expovariate(1 / 0.01))
        return self.free_at


def _play(clock: SourceClock, line: Line, begin: float, end: float, stamp_shift: float = 0.0) -> list[float]:
    """Thirty pictures a second from `begin` to `end`; how far each is mapped from its true moment."""
    errors = []
    for number in range(round((end - begin) / _FRAME)):
        captured = begin + number * _FRAME
        stamp = captured * line.rate + stamp_shift
        correction = clock.arrive("picture", stamp, line.arrival(captured))
        errors.append(clock.at(stamp + correction) - captured - line.delay)
    return errors


@pytest.mark.parametrize("ppm", [-100, 100])
def test_eight_hours_with_drift_jitter_and_bursts_stay_within_40_ms(ppm: int) -> None:
    clock, line = SourceClock(), Line(ppm)
    worst = 0.0
    stalled_until = 0.0
    # Every sixth picture: the envelope sees 5 units a second in place of 80, which only makes it harder.
    for number in range(8 * 3600 * 5):
        captured = number / 5
        if (
            number % 3000 == 1500
        ):  # every ten minutes the line stands still for up to 4 s, then all comes at once
            stalled_until = captured + line.dice.uniform(0.5, 4)
        arrival = max(line.arrival(captured), stalled_until)
        stamp = captured * line.rate
        correction = clock.arrive("picture", stamp, arrival)
        if captured > 5:
            worst = max(worst, abs(clock.at(stamp + correction) - captured - line.delay))
    assert worst <= 0.040
    assert clock.mended == 0
    assert clock.drift_ppm == pytest.approx(ppm, abs=10)


def test_what_is_mapped_moves_slowly_once_settled() -> None:
    clock, line = SourceClock(), Line()
    errors = _play(clock, line, 0, 120)
    steps = [abs(after - before) for before, after in itertools.pairwise(errors[300:])]
    assert max(steps) <= 1.2e-3 * _FRAME * 3  # 1000 ppm of the time since the last arrival, which jitters


def test_a_late_first_packet_is_forgotten_within_seconds() -> None:
    """The first key frame is large and late; nobody shall see the room that much later for the whole course."""
    clock, line = SourceClock(), Line()
    stamp = 0.0
    clock.arrive("picture", stamp, line.arrival(0.0, extra=0.8))
    errors = _play(clock, line, _FRAME, 10)
    assert abs(errors[-1]) < 0.02
    assert clock.mended == 0


@pytest.mark.parametrize(
    ("name", "jump"), [("backwards", -3600.0), ("a little backwards", -0.3), ("forwards", 5000.0)]
)
def test_a_jump_is_mended_once_and_counted(name: str, jump: float) -> None:
    clock, line = SourceClock(), Line()
    _play(clock, line, 0, 20)
    errors = _play(clock, line, 20, 60, stamp_shift=jump)
    assert clock.mended == 1, name
    assert max(map(abs, errors)) < 0.08
    assert max(map(abs, errors[600:])) < 0.02


@pytest.mark.parametrize("wrap", [2**32 / 1000, 2**24 / 1000, 2**33 / 90_000])
def test_a_wrap_is_seamless(wrap: float) -> None:
    clock, line = SourceClock(), Line()
    errors = []
    for number in range(900):
        captured = number * _FRAME
        stamp = (wrap - 10 + captured) % wrap
        correction = clock.arrive("picture", stamp, line.arrival(captured))
        errors.append(clock.at(stamp + correction) - captured - line.delay)
    assert clock.mended == 1
    assert max(map(abs, errors[150:])) < 0.02


def test_picture_and_sound_stay_in_step_when_both_jump() -> None:
    """Sound jumps 40 ms later than the picture, by the same amount: both get one correction."""
    clock, line = SourceClock(), Line()
    corrections: dict[str, float] = {}
    units = [("picture", n * _FRAME) for n in range(1800)] + [("sound", n * _SOUND) for n in range(2812)]
    for kind, captured in sorted(units, key=lambda unit: unit[1]):
        jumped = captured > (30.0 if kind == "picture" else 30.04)
        corrections[kind] = clock.arrive(kind, captured + 700 * jumped, line.arrival(captured))
    assert corrections["picture"] == corrections["sound"] == pytest.approx(-700, abs=0.1)
    assert clock.mended == 1


def test_sound_that_begins_late_keeps_the_pictures_clock() -> None:
    clock, line = SourceClock(), Line()
    _play(clock, line, 0, 60)
    corrections = []
    for number in range(3000):
        captured = 60 + number * _SOUND
        corrections.append(clock.arrive("sound", captured, line.arrival(captured, extra=0.1)))
    assert set(corrections) == {0.0}
    assert clock.mended == 0


def test_sound_with_an_origin_of_its_own_is_moved_to_now() -> None:
    clock, line = SourceClock(), Line()
    _play(clock, line, 0, 60)
    captured = 60.0
    correction = clock.arrive("sound", 0.0, line.arrival(captured))
    assert clock.at(0.0 + correction) == pytest.approx(captured + line.delay, abs=0.1)
    assert clock.mended == 1


def test_the_mapping_waits_for_the_later_of_two_streams() -> None:
    """Sound comes 0.2 s after the pictures it belongs to: no unit may be stamped before it can be there."""
    clock, line = SourceClock(), Line()
    for number in range(1800):
        captured = number * _FRAME
        clock.arrive("picture", captured, captured + line.delay)
        clock.arrive("sound", captured - 0.2, captured + line.delay)
    assert clock.at(60.0) == pytest.approx(60.0 + line.delay + 0.2, abs=0.01)
    assert clock.behind("sound", "picture") == pytest.approx(0.2, abs=0.01)


def test_sound_that_is_hopelessly_behind_does_not_hold_the_picture_back() -> None:
    clock, line = SourceClock(), Line()
    for number in range(1800):
        captured = number * _FRAME
        clock.arrive("picture", captured, captured + line.delay)
        correction = clock.arrive("sound", captured - 4.0, captured + line.delay)
    assert clock.at(60.0) <= 60.0 + line.delay + 0.75
    sound = clock.at(captured - 4.0 + correction)
    assert captured + line.delay - sound < 0.1
    assert clock.mended >= 1


def test_a_delay_that_has_come_to_stay_is_taken_over() -> None:
    """A line that gets 1.5 s slower for good must not leave every picture overdue for good."""
    clock, line = SourceClock(), Line()
    _play(clock, line, 0, 30)
    line.delay += 1.5
    errors = _play(clock, line, 30, 60)
    assert abs(errors[-1]) < 0.05
    assert clock.mended == 1


def test_a_pause_in_sending_is_not_a_jump() -> None:
    clock, line = SourceClock(), Line()
    _play(clock, line, 0, 20)
    errors = _play(clock, line, 50, 60)
    assert clock.mended == 0
    assert max(map(abs, errors)) < 0.04


def test_presentation_times_of_b_frames_do_not_shift_the_mapping() -> None:
    """Decoding order I P B B: each picture comes when it is encoded, its time is when it was captured."""
    clock = SourceClock()
    for group in range(200):
        for place, (lead, order) in enumerate(((3, 3), (0, 1), (0, 2))):
            dts = (group * 3 + place) * _FRAME
            captured_last = (group * 3 + 3) * _FRAME
            assert order <= 3
            clock.arrive("picture", dts, captured_last + place * 0.001, lead * _FRAME)
    assert clock.at(10.0) == pytest.approx(10.0, abs=0.01)


def test_a_stream_that_pauses_while_the_line_gets_slower_breaks_nothing() -> None:
    clock = SourceClock()
    for tick in range(1000):
        at = tick / 50
        late = 0.6 if at > 12 else 0.02
        clock.arrive("picture", at, at + late)
        if not 11 < at < 15.5:
            clock.arrive("sound", at, at + late)
    assert clock.at(20.0) == pytest.approx(20.6, abs=0.1)
