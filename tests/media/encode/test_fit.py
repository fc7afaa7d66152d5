import numpy as np
import pytest

from amphitheatre.media.encode.fit import fit
from tests.media.coded import frame


def luma(width: int, height: int, into: tuple[int, int]) -> np.ndarray:
    """The lines of a white picture of that size, made to fit."""
    fitted = fit(frame(235, width, height), *into)
    assert (fitted.width, fitted.height, fitted.format.name) == (*into, "yuv420p")
    return fitted.to_ndarray()[: into[1]]


def test_the_right_size_is_left_alone() -> None:
    same = frame(100, 160, 90)
    assert fit(same, 160, 90) is same


def test_the_same_shape_is_scaled_without_bars() -> None:
    assert luma(160, 90, (320, 180)).min() > 200


def test_a_difference_nobody_sees_makes_no_bars() -> None:
    assert luma(1280, 720, (854, 480)).min() > 200


@pytest.mark.parametrize(
    ("width", "height", "bars"),
    [(120, 90, "sides"), (160, 60, "top and bottom")],
)
def test_another_shape_is_not_bent_but_gets_black_bars(width: int, height: int, bars: str) -> None:
    picture = luma(width, height, (160, 90))
    white = picture > 125
    rows, columns = white.any(axis=1).sum(), white.any(axis=0).sum()
    assert columns / rows == pytest.approx(width / height, rel=0.05)
    assert (columns < 160, rows < 90) == (bars == "sides", bars != "sides")
    assert picture[~white].max() < 60
    middle = np.argwhere(white).mean(axis=0)
    assert middle == pytest.approx((44.5, 79.5), abs=2)


def test_bars_have_no_colour() -> None:
    fitted = fit(frame(235, 120, 90), 160, 90).to_ndarray()
    assert abs(fitted[90:].astype(int) - 128).max() <= 2
