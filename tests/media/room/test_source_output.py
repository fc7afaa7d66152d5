"""A machine that is too slow shows fewer pictures, never none, and says so."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import av
import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.encode.ladder import Ladder
from amphitheatre.media.encode.spec import LadderSpec, RungSize
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room.jobs import RtmpWay, SourceJob
from amphitheatre.media.room.source_output import SourceOutput
from amphitheatre.media.unit import Picture, Sound, Unit

FPS = 30
LADDER = LadderSpec([RungSize("180p", 320, 180, 200_000)], FPS, FPS)


class Hand(RoomClock, frozen=True):
    """A clock that stands still until it is set: hand[0] is the room time."""

    hand: list[float]

    def now(self) -> float:
        """Room time in seconds."""
        return self.hand[0]


@dataclass
class Bench:
    """An output, the origin's end of its link, its clock's hand, and what it has left out."""

    output: SourceOutput
    end: BlockingLink
    hand: list[float]
    left_out: list[bool] = field(default_factory=list)

    def put(self, at: float, now: float) -> None:
        """A picture of room time `at`, at room time `now`."""
        self.hand[0] = now
        self.output.put(PictureIn(av.VideoFrame(320, 180, "yuv420p"), at))


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with _bench(request.param) as bench:
        yield bench


@contextmanager
def _bench(ladder: LadderSpec | None) -> Iterator[Bench]:
    ours, theirs = socket.socketpair()
    hand = [100.0]
    job = SourceJob("views/main", Hand(0.0, 0.0, hand), RtmpWay(), Profile.FAST, ladder, 720, [], True)
    left_out: list[bool] = []
    with ours, theirs, SourceOutput(BlockingLink(ours), job, left_out.append) as output:
        yield Bench(output, BlockingLink(theirs), hand, left_out)


def _places(bench: Bench, count: int) -> list[int]:
    """Of the next pictures that the origin gets, on the grid."""
    units: Iterator[Unit] = iter(bench.end)
    pictures = (unit for unit in units if isinstance(unit, Picture))
    return [next(pictures).dts * FPS // 90_000 for _ in range(count)]


@pytest.mark.parametrize("bench", [LADDER], indirect=True)
def test_what_comes_too_late_is_left_out_and_what_is_in_time_again_is_shown(bench: Bench) -> None:
    bench.put(at=100.0, now=100.0)
    assert _places(bench, 1) == [3000]
    bench.put(at=101.0, now=101.9)
    assert bench.left_out == [False]
    bench.put(at=101.5, now=102.2)
    assert _places(bench, 1) == [3045]
    assert bench.left_out == [False]


@pytest.mark.parametrize("bench", [LADDER], indirect=True)
def test_what_was_sent_before_the_process_began_is_no_sign_of_a_slow_machine(bench: Bench) -> None:
    bench.put(at=95.0, now=100.0)
    assert not bench.left_out


@pytest.mark.parametrize("bench", [None], indirect=True)
def test_a_room_without_a_ladder_waits_for_the_slowest(bench: Bench) -> None:
    for place in range(12):
        bench.put(at=95.0 + place / FPS, now=100.0)
    assert not bench.left_out
    assert _places(bench, 1) == [95 * FPS + 11]


@pytest.mark.parametrize("bench", [LADDER], indirect=True)
def test_sound_does_not_wait_for_pictures_that_this_machine_is_too_slow_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, go_on = threading.Event(), threading.Event()
    code = Ladder.put

    def slow(ladder: Ladder, frame: av.VideoFrame, at: float) -> list[Picture]:
        at_work.set()
        assert go_on.wait(60)
        return list(code(ladder, frame, at))

    monkeypatch.setattr(Ladder, "put", slow)
    bench.put(at=100.0, now=100.0)
    assert at_work.wait(60)
    for place in range(1, 40):
        bench.put(at=100.0 + place / FPS, now=100.0 + place / FPS)
    bench.output.put(SoundIn(4_800_000, bytes(480 * 4)))
    units: Iterator[Unit] = iter(bench.end)
    assert next(unit for unit in units if isinstance(unit, Sound | Picture)) == Sound(
        4_800_000, bytes(480 * 4)
    )
    assert set(bench.left_out) == {True}
    go_on.set()
    assert any(isinstance(unit, Picture) for unit in units)


def test_what_the_coding_raises_ends_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[Picture]:
        raise OSError("the origin is gone")

    monkeypatch.setattr(Ladder, "put", broken)
    with pytest.raises(OSError, match="the origin is gone"):
        _one_picture()


def _one_picture() -> None:
    with _bench(LADDER) as bench:
        bench.put(at=100.0, now=100.0)
