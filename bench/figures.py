"""Figures of a row of measurements."""

from collections.abc import Sequence
from itertools import pairwise


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed. Raises ValueError when there are none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def stalls(presented: Sequence[float], longest: float) -> int:
    """How often more than `longest` lies between two pictures; both in the unit of `presented`."""
    return sum(after - before > longest for before, after in pairwise(presented))
