import pytest
from hypothesis import given
from hypothesis import strategies as st

from amphitheatre.media.encode.frame_grid import FrameGrid, grid_rate

PHASES = st.floats(0, 1, exclude_max=True)


def places(grid: FrameGrid, times: list[float]) -> list[int]:
    return [placed.place for at in times if (placed := grid.put(at)) is not None]


@given(fps=st.sampled_from([25, 30]), phase=PHASES, first=st.integers(0, 10_000_000))
def test_a_source_of_the_grid_s_own_rate_neither_repeats_nor_drops(
    fps: int, phase: float, first: int
) -> None:
    grid = FrameGrid(fps)
    got = places(grid, [(first + k + phase) / fps for k in range(100)])
    assert got == list(range(got[0], got[0] + 100))
    assert abs(got[0] - first - phase) <= 0.5 + 1e-3
    assert (grid.dropped, grid.repeated) == (0, 0)


@given(phase=PHASES, wobble=st.lists(st.floats(-0.12, 0.12), min_size=50, max_size=50))
def test_nor_does_one_whose_times_tremble_by_an_eighth_of_a_frame(phase: float, wobble: list[float]) -> None:
    grid = FrameGrid(25)
    got = places(grid, [(50 + k + phase + off) / 25 for k, off in enumerate(wobble)])
    assert got == list(range(got[0], got[0] + 50))


@given(gaps=st.lists(st.floats(0.001, 0.9), min_size=1, max_size=60))
def test_whatever_comes_every_place_is_shown_once_and_in_order(gaps: list[float]) -> None:
    grid, at, shown = FrameGrid(30), 5.0, []
    for gap in gaps:
        at += gap
        placed = grid.put(at)
        if placed is not None:
            shown += [*placed.repeats, placed.place]
            assert abs(placed.place / 30 - at) <= 0.76 / 30
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    assert grid.dropped + len(shown) - grid.repeated == len(gaps)


def test_every_other_frame_of_twice_the_rate_is_dropped() -> None:
    grid = FrameGrid(25)
    got = places(grid, [10 + k / 50 for k in range(100)])
    assert got == list(range(250, 250 + len(got)))
    assert abs(len(got) - 50) <= 1
    assert grid.dropped == 100 - len(got)


def test_half_the_rate_is_shown_twice() -> None:
    grid = FrameGrid(30)
    for k in range(31):
        grid.put(2 + k / 15)
    assert (grid.dropped, grid.repeated) == (0, 30)


def test_a_long_hole_is_left_to_the_packager() -> None:
    grid = FrameGrid(25)
    grid.put(1.0)
    placed = grid.put(3.0)
    assert placed is not None
    assert (placed.place, list(placed.repeats)) == (75, [])
    assert grid.repeated == 0


def test_a_frame_from_the_past_is_dropped() -> None:
    grid = FrameGrid(25)
    grid.put(1.0)
    assert grid.put(0.5) is None
    assert grid.dropped == 1


@pytest.mark.parametrize(
    ("source", "grid"),
    [
        (24, 25), (23.976, 25), (25, 25), (50, 25), (30, 30), (29.97, 30), (60, 30), (59.94, 30), (15, 30),
        (14.985, 30), (12.5, 25), (10, 30), (0, 30), (None, 30),
    ],
)  # fmt: skip
def test_the_grid_for_a_source_s_rate(source: float | None, grid: int) -> None:
    assert grid_rate(source) == grid
