"""Smooth random fields and resampling: the raw material of everything drawn here.

All fields are float32 arrays of shape (height, width); every generator is seeded, so a loop drawn
twice is the same loop.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[Any]


def _cubic_rows(length: int, knots: int) -> Field:
    """Matrix of shape (length, knots) that interpolates `knots` values over `length` places by a cubic B-spline."""
    places = np.linspace(1, knots - 2.001, length)
    whole = np.floor(places).astype(int)
    t = places - whole
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    rows = np.zeros((length, knots), np.float32)
    for step, weight in enumerate(weights):
        np.add.at(rows, (np.arange(length), np.clip(whole + step - 1, 0, knots - 1)), weight / 6)
    return rows


def smooth(shape: tuple[int, int], cell: float, seed: int) -> Field:
    """Noise of about unit deviation whose features are about `cell` pixels wide."""
    height, width = shape
    rows, columns = int(height / cell) + 4, int(width / cell) + 4
    knots = np.random.default_rng(seed).normal(0, 1.9, (rows, columns)).astype(np.float32)
    return _cubic_rows(height, rows) @ knots @ _cubic_rows(width, columns).T


def fractal(shape: tuple[int, int], cell: float, octaves: int, seed: int) -> Field:
    """Sum of `octaves` noises, each half as wide and half as strong as the one before."""
    total = smooth(shape, cell, seed)
    for octave in range(1, octaves):
        total = total + smooth(shape, cell / 2**octave, seed + octave) / 2**octave
    return total


def lobules(shape: tuple[int, int], cell: float, seed: int) -> Field:
    """Cellular noise: 1 in the middle of each lobule, 0 on the seams between them."""
    height, width = shape
    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    jitter = np.random.default_rng(seed).uniform(-0.45, 0.45, (2, rows, columns))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(cell)
    first = np.full(shape, 9.0, np.float32)
    second = np.full(shape, 9.0, np.float32)
    base_y, base_x = y.astype(int), x.astype(int)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row, column = (base_y + down) % rows, (base_x + right) % columns
            away_y = base_y + down + 0.5 + jitter[0][row, column] - y
            away_x = base_x + right + 0.5 + jitter[1][row, column] - x
            distance = np.hypot(away_y, away_x).astype(np.float32)
            second = np.minimum(second, np.maximum(first, distance))
            first = np.minimum(first, distance)
    return np.clip((second - first) * 1.3, 0, 1)


def blurred(field: Field, radius: float) -> Field:
    """Gaussian-like blur: three box blurs of together about `radius` pixels deviation."""
    size = max(1, round(radius))
    for _ in range(3):
        for axis in (0, 1):
            edge = [(0, 0), (0, 0)]
            edge[axis] = (size + 1, size)
            sums = np.cumsum(np.pad(field, edge, mode="edge"), axis=axis, dtype=np.float64)
            span = 2 * size + 1
            upper = np.take(sums, np.arange(span, span + field.shape[axis]), axis=axis)
            lower = np.take(sums, np.arange(0, field.shape[axis]), axis=axis)
            field = ((upper - lower) / span).astype(np.float32)
    return field


def sunk(picture: Field, depth: Field) -> Field:
    """`picture` (height, width[, channels]) with each place shown `depth` pixels further down, to fractions.

    What comes in at the upper edge is its mirror image.
    """
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    y = np.abs(rows.astype(np.float32) - depth)
    top = np.clip(y.astype(np.int32), 0, height - 2)
    flat = picture.reshape(height * width, -1)
    place = (top * width + columns).ravel()
    lower = np.clip(y - top, 0, 1).ravel()[:, None]
    upper = flat[place]
    return (upper + (flat[place + width] - upper) * lower).reshape(picture.shape)


def smoothstep(low: float, high: float, value: Field) -> Field:
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
