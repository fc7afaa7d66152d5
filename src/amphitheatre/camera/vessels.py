"""Blood vessels: branching paths stamped into a field."""

import math

import numpy as np

from amphitheatre.camera.noise import Field


def drawn(
    shape: tuple[int, int], start: tuple[float, float], heading: float, width: float, length: float, seed: int
) -> Field:
    """A vessel that starts at `start` (x, y), runs along `heading` (radians) and branches.

    width and length are in pixels; the answer is 0 off the vessel and rises to 1 on its middle line.
    """
    field = np.zeros(shape, np.float32)
    random = np.random.default_rng(seed)
    waiting = [(start[0], start[1], heading, width, length)]
    while waiting:
        x, y, angle, thick, left = waiting.pop()
        bend, heading_of_trunk = 0.0, angle
        while left > 0 and thick > 0.9:
            step = max(1.0, thick * 0.4)
            bend = 0.86 * bend + random.normal(0, 0.030) * math.sqrt(step)
            angle += bend * 0.35 + 0.012 * math.sin(heading_of_trunk - angle) * step
            x, y = x + step * math.cos(angle), y + step * math.sin(angle)
            left -= step
            thick *= 1 - 0.0011 * step
            _stamp(field, x, y, thick)
            if random.random() < step / 95 and thick > 1.6:
                side = random.choice((-1, 1)) * random.uniform(0.45, 0.95)
                waiting.append((x, y, angle + side, thick * random.uniform(0.5, 0.75), left * 0.65))
                angle -= side * 0.25
    return field


def _stamp(field: Field, x: float, y: float, thick: float) -> None:
    reach = int(thick * 1.5) + 2
    column, row = int(x), int(y)
    if not (reach <= column < field.shape[1] - reach and reach <= row < field.shape[0] - reach):
        return
    patch = field[row - reach : row + reach + 1, column - reach : column + reach + 1]
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.hypot(right + column - x, down + row - y)
    np.maximum(patch, np.clip(1.25 - distance / (thick * 0.8), 0, 1).astype(np.float32), out=patch)
