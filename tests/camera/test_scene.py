import numpy as np
import pytest

from amphitheatre.camera import instruments, scene
from amphitheatre.camera.scene import Planes, Scene


@pytest.fixture(scope="module")
def white() -> Scene:
    return Scene("laparoscope", 640, 360)


@pytest.fixture(scope="module")
def fluorescence() -> Scene:
    return Scene("fluorescence", 640, 360)


def change(one: Planes, other: Planes) -> float:
    return float(np.abs(one[0].astype(int) - other[0].astype(int)).mean())


def test_the_loop_has_no_seam(white: Scene) -> None:
    """The step from the last frame to the first is no larger than steps within the loop."""
    count = scene.LOOP_SECONDS * 30
    steps = [change(white.frame(n / count), white.frame((n + 1) / count)) for n in range(0, count, 16)]
    assert change(white.frame((count - 1) / count), white.frame(0)) <= max(steps)
    assert max(steps) < 3


@pytest.mark.parametrize("pose", [instruments.grasper, instruments.dissector])
def test_instruments_end_where_they_began(pose: object) -> None:
    assert callable(pose)
    first, last = pose(0.0, 0.0), pose(1 - 1e-9, 0.0)
    assert (last.x, last.y, last.open) == pytest.approx((first.x, first.y, first.open), abs=1e-3)


def test_the_picture_moves(white: Scene) -> None:
    assert change(white.frame(0.0), white.frame(0.30)) > 1


def test_it_looks_red_and_is_round_on_black(white: Scene) -> None:
    luma, blue, red = white.frame(0.2)
    assert red[40:140, 100:220].mean() > 150
    assert blue[40:140, 100:220].mean() < 125
    for corner in (luma[:40, :40], luma[:40, -40:], luma[-40:, :104], luma[-33:, -112:]):
        assert corner.max() <= 17


def test_fluorescence_glows_green_on_dark(fluorescence: Scene) -> None:
    luma, _, red = fluorescence.frame(0.2)
    bright = luma > 140
    assert 0.002 < bright.mean() < 0.05
    assert red[bright[::2, ::2]].mean() < 100
    assert np.median(luma) < 60


def test_both_views_show_the_instruments_at_the_same_place(white: Scene, fluorescence: Scene) -> None:
    """What changes between two moments of one breath is the instruments: the same pixels in both views."""
    phases = (0.10, 0.60)  # the same air, other poses
    moved = [
        np.abs(view.frame(phases[0])[0].astype(int) - view.frame(phases[1])[0])
        for view in (white, fluorescence)
    ]
    white_moved, green_moved = moved[0] > 5, moved[1] > 12
    assert green_moved.sum() > 300
    assert (green_moved & white_moved).sum() / green_moved.sum() > 0.8
