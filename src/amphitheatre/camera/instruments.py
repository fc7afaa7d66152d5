"""The two instruments: where they are at each moment of the loop, and how they look.

They are near enough to grey to be drawn into luma and to take the colour out of what they cover.
Lengths are for a picture 720 lines high, counted from its middle; phases run from 0 to 1 over the loop.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from amphitheatre.camera.noise import Field


@dataclass(frozen=True)
class Pose:
    """tip: x, y of the end of the shaft. heading: radians, from the trocar towards the tip. open: jaws, radians."""

    x: float
    y: float
    heading: float
    open: float


@dataclass(frozen=True)
class Tool:
    """radius of the shaft at its end, length of the jaws, and how far to the side their points bend."""

    radius: float
    jaw: float
    bend: float


@dataclass(frozen=True)
class Patch:
    """What an instrument does to a part of the picture whose upper left corner is (left, top), in pixels.

    cover: 0 to 1; luma: 0 to 1 (linear light) where covered; shade: light that its shadow takes away, 0 to 1.
    """

    left: int
    top: int
    cover: Field
    luma: Field
    shade: Field


def _ease(t: float) -> float:
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def _along(points: list[tuple[float, float, float]], phase: float) -> tuple[float, float]:
    """Place on a closed path of (phase, x, y), resting at each of them a little."""
    path = [*points, (points[0][0] + 1, points[0][1], points[0][2])]
    if phase < points[0][0]:
        phase += 1
    for (start, x, y), (end, next_x, next_y) in itertools.pairwise(path):
        if start <= phase <= end:
            share = _ease((phase - start) / (end - start))
            return x + (next_x - x) * share, y + (next_y - y) * share
    raise ValueError(f"phase {phase} lies outside the path")


def _sway(phase: float, turns: int, shift: float) -> float:
    return math.sin(2 * math.pi * (turns * phase + shift))


GRASPER = Tool(radius=15, jaw=74, bend=16)
DISSECTOR = Tool(radius=13, jaw=62, bend=-20)
GRASPER_TROCAR = (-760.0, -330.0)
DISSECTOR_TROCAR = (800.0, -430.0)
GRASPER_PATH = [(0.00, -150, 40), (0.16, -118, 62), (0.36, -126, 52), (0.52, -176, 22), (0.74, -108, 70)]
DISSECTOR_PATH = [
    (0.00, 190, -62), (0.09, 168, -20), (0.18, 186, -40), (0.27, 150, 6), (0.36, 172, -18), (0.46, 112, 22),
    (0.56, 140, -4), (0.66, 204, -92), (0.78, 232, -104), (0.90, 206, -80),
]  # fmt: skip


def grasper(phase: float, breath: float) -> Pose:
    """The left hand: holds the margin of the liver up, lets go, takes it again."""
    x, y = _along(GRASPER_PATH, phase)
    x += 2.2 * _sway(phase, 5, 0.1) + 1.0 * _sway(phase, 13, 0.4)
    y += 1.8 * _sway(phase, 4, 0.3) + 0.8 * _sway(phase, 11, 0.2) + 5 * breath
    grip = 0.10 + 0.34 * (_ease((phase - 0.36) / 0.08) - _ease((phase - 0.66) / 0.06))
    return _aimed(GRASPER_TROCAR, x, y, grip)


def dissector(phase: float, breath: float) -> Pose:
    """The right hand: strokes along the edge of the tumour, opening and closing."""
    x, y = _along(DISSECTOR_PATH, phase)
    x += 2.0 * _sway(phase, 6, 0.6) + 0.9 * _sway(phase, 17, 0.1)
    y += 2.0 * _sway(phase, 5, 0.0) + 0.9 * _sway(phase, 14, 0.7) + 4 * breath
    busy = 1 - _ease((phase - 0.60) / 0.06) + _ease((phase - 0.92) / 0.06)
    return _aimed(DISSECTOR_TROCAR, x, y, 0.07 + busy * 0.20 * (0.5 + 0.5 * _sway(phase, 9, 0.0)))


def _aimed(trocar: tuple[float, float], x: float, y: float, grip: float) -> Pose:
    return Pose(x, y, math.atan2(y - trocar[1], x - trocar[0]), grip)


def drawn(pose: Pose, tool: Tool, width: int, height: int) -> Iterator[Patch]:
    """An instrument in a picture of that size, in slices that follow the slant of its shaft."""
    unit = height / 720
    tip_x, tip_y = width / 2 + pose.x * unit, height / 2 + pose.y * unit
    for left, right, top, bottom in _slices(pose, tip_x, tip_y, (tool.jaw + 60) * unit, width, height):
        rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
        x, y = (columns - tip_x) / unit, (rows - tip_y) / unit
        along = x * math.cos(pose.heading) + y * math.sin(pose.heading)
        across = -x * math.sin(pose.heading) + y * math.cos(pose.heading)
        cover, luma = _shaft(along, across, tool.radius, unit)
        if float(along.max()) > -8:
            for side in (-1, 1):
                jaw_cover, jaw_luma = _jaw(along, across, side, pose.open, tool, unit)
                luma = luma * (1 - jaw_cover) + jaw_luma * jaw_cover
                cover = np.maximum(cover, jaw_cover)
        shade = _shadow(along - 26, across - 30 * math.cos(pose.heading), tool)
        yield Patch(left, top, cover, luma, shade * (1 - cover))


def _slices(
    pose: Pose, x: float, y: float, reach: float, width: int, height: int
) -> Iterator[tuple[int, int, int, int]]:
    """left, right, top, bottom of the parts that it and its shadow can touch; even, for chroma."""
    slope = math.tan(pose.heading)
    step = max(2, width // 10 & ~1)
    for left in range(0, width, step):
        right = min(left + step, width)
        ends = [y + slope * (edge - x) for edge in (left, right)]
        if math.cos(pose.heading) > 0:
            if left > x + reach:
                continue
        elif right < x - reach:
            continue
        top = max(0, int(min(ends) - 0.55 * reach) & ~1)
        bottom = min(height, (int(max(ends) + 0.7 * reach) | 1) + 1)
        if top < bottom:
            yield left, right, top, bottom


def _soft(inside: Field, unit: float) -> Field:
    """Coverage of a pixel whose signed distance inside the shape is `inside`."""
    return np.clip(inside * unit + 0.5, 0, 1)


def _shaft(along: Field, across: Field, radius: float, unit: float) -> tuple[Field, Field]:
    # Seen in perspective: the shaft widens towards the lens.
    wide = radius * (1 + np.clip(-along, 0, 900) / 1500)
    level = np.clip(across / wide, -1, 1)
    cover = _soft(np.minimum(wide - np.abs(across), -along), unit)
    round_light = np.sqrt(1 - level**2)
    steel = 0.05 + 0.25 * round_light + 0.95 * np.exp(-(((level + 0.38) / 0.13) ** 2))
    steel = steel + 0.20 * np.exp(-(((level - 0.55) / 0.2) ** 2))
    coat = 0.012 + 0.045 * round_light + 0.20 * np.exp(-(((level + 0.40) / 0.10) ** 2))
    collar = np.clip((along + 74) / 1.5, 0, 1)  # bare steel up to the collar, black insulation behind it
    groove = 1 - 0.7 * np.exp(-(((along + 66) / 2.0) ** 2)) - 0.6 * np.exp(-(((along + 9) / 1.6) ** 2))
    luma = (coat * (1 - collar) + steel * collar * groove) * np.clip(1.05 + along / 900, 0.25, 1)
    return cover, luma


def _jaw(
    along: Field, across: Field, side: int, opening: float, tool: Tool, unit: float
) -> tuple[Field, Field]:
    angle = side * opening
    forward = along * math.cos(angle) + across * math.sin(angle)
    aside = -along * math.sin(angle) + across * math.cos(angle)
    share = np.clip(forward / tool.jaw, 0, 1)
    aside = aside - tool.bend * share**2
    thick = tool.radius * (0.62 - 0.36 * share)
    middle = side * thick * 0.55
    inside = np.minimum(thick - np.abs(aside - middle), np.minimum(forward + 4, tool.jaw - forward))
    level = np.clip((aside - middle) / thick, -1, 1)
    light = 0.10 + 0.32 * np.sqrt(1 - level**2) + 0.85 * np.exp(-(((level + 0.30) / 0.20) ** 2))
    teeth = 1 - 0.35 * (np.sin(forward * 1.15) > 0.2) * (side * level < -0.35)
    return _soft(inside, unit), light * teeth * (1 - 0.25 * share)


def _shadow(along: Field, across: Field, tool: Tool) -> Field:
    end = np.clip((tool.jaw * 0.7 - along) / 40, 0, 1)
    return 0.46 * end * np.exp(-(np.clip(np.abs(across) - tool.radius * 0.6, 0, None) ** 2) / (2 * 15**2))
