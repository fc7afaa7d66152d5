from itertools import pairwise

import pytest

from amphitheatre.media.rtc import line as line_module
from amphitheatre.media.rtc.line import CALM, LONGEST_CALM, SETTLE, STANDS, Line

RATES = (2_500_000, 1_000_000, 220_000)  # bits/s of the rungs
BELIEF = 0.85  # of what comes through, for a receiver that is crowded (draft-ietf-rmcat-gcc, 5.5)


class Peer:
    """A line of so many bits/s with a viewer behind it who reports as Chromium does, each second."""

    def __init__(self, capacity: float, rungs: int = 3) -> None:
        self.line = Line()
        self.line.carries(rungs)
        self.capacity = capacity
        self.now = 0.0
        self.levels: list[int] = []
        self.stepped_down: list[float] = []

    def watch(self, seconds: float) -> list[int]:
        """The level after each second."""
        for _ in range(round(seconds)):
            for _ in range(30):
                self.now += 1 / 30
                self.line.sent(RATES[self.line.level] // 30 // 8, self.now)
            sending = RATES[self.line.level]
            crowded = sending > self.capacity
            through = min(sending, self.capacity)
            loss = max(0.0, 1 - self.capacity / sending)
            down = self.line.estimated((BELIEF if crowded else 1.5) * through, self.now)
            down |= self.line.lost(loss, self.now)
            if down:
                self.stepped_down.append(self.now)
            self.levels.append(self.line.level)
        return self.levels


def test_a_good_line_keeps_the_best_rung() -> None:
    assert set(Peer(5_000_000).watch(60)) == {0}


@pytest.mark.parametrize(("capacity", "level"), [(1_400_000, 1), (400_000, 2), (100_000, 2)])
def test_a_thin_line_gets_the_rung_that_it_carries_within_seconds(capacity: int, level: int) -> None:
    assert Peer(capacity).watch(8)[-1] == level


def test_retransmission_mends_a_little_loss() -> None:
    line = Line()
    line.carries(3)
    for second in range(60):
        assert not line.lost(0.03, float(second))
    assert line.level == 0


def test_much_loss_alone_is_enough() -> None:
    line = Line()
    line.carries(3)
    assert line.lost(0.25, 1.0)
    assert line.level == 1
    assert not line.lost(0.25, 1.0 + SETTLE / 2), "that report may speak of what was before"
    assert line.lost(0.25, 1.0 + SETTLE)
    assert line.level == 2
    assert not line.lost(0.25, 100.0), "there is nothing below"


def test_a_receiver_that_was_crowded_for_a_moment_is_not_believed() -> None:
    """Its estimate is then 0.85 of what is sent."""
    line = Line()
    line.carries(3)
    for second in range(10):
        line.sent(RATES[0] // 8, float(second))
        assert not line.estimated(BELIEF * RATES[0], second + 0.5)


def test_an_estimate_that_still_follows_a_picture_which_has_begun_to_move_is_no_trouble() -> None:
    """As measured with Chromium: 8 % more each second."""
    line = Line()
    line.carries(3)
    estimate = 450_000.0
    down = []
    for tenth in range(170):
        now = tenth / 10
        line.sent(RATES[0] // 80, now)
        if now < 15.0:
            estimate *= 1.08**0.1
        if line.estimated(estimate, now):
            down.append(now)
    assert len(down) == 1
    assert 15.0 + STANDS - 0.2 < down[0] < 15.0 + STANDS + 0.2, "it has stood for so long"


def test_a_line_that_has_recovered_gets_the_best_rung_back() -> None:
    peer = Peer(1_400_000)
    peer.watch(5)
    assert peer.line.level == 1
    peer.capacity = 5_000_000
    levels = peer.watch(CALM + 5)
    assert levels[-1] == 0
    assert set(peer.watch(60)[-60:]) == {0}


def test_what_has_failed_is_tried_less_and_less_often() -> None:
    peer = Peer(1_400_000)
    peer.watch(600)
    downs = peer.stepped_down
    waits = [after - before for before, after in pairwise(downs)]
    assert waits == sorted(waits)
    assert waits[-1] >= LONGEST_CALM
    assert len(downs) <= 8
    assert peer.levels.count(0) <= 10, "seconds of ten minutes that the line could not carry"


def test_a_ladder_that_has_become_shorter_takes_the_level_along() -> None:
    line = Line()
    line.carries(3)
    line.lost(1.0, 1.0)
    line.lost(1.0, 10.0)
    line.carries(2)
    assert line.level == 1
    line.carries(0)
    assert line.level == 0


def test_without_reports_nothing_changes() -> None:
    line = Line()
    line.carries(3)
    for n in range(3000):
        line.sent(100_000, n / 30)
    assert line.level == 0
    assert line_module.SHORT < BELIEF
