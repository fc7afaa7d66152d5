"""The time of day in the picture, for people: HH:MM:SS.mmm and the zone's distance from UTC.

Drawn in the lower right corner from strokes of our own, so that no font has to be installed.
Shapes are in units of a digit's height, y downwards; figures are tabular.
"""

import datetime as dt
import itertools
import math
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Point = tuple[float, float]
Stroke = list[Point]

TIME_HEIGHT: Final = 23  # 1/720 of the picture's height, as everything below
ZONE_HEIGHT: Final = 12
MARGIN: Final = 18
TIME_LUMA: Final = 214
ZONE_LUMA: Final = 132
WEIGHT: Final = 0.115  # width of a stroke


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """An elliptic arc from `start` to `end`, degrees clockwise from three o'clock."""
    turns = [math.radians(start + (end - start) * step / 24) for step in range(25)]
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


_SIX: Final = [_arc(0.28, 0.70, 0.28, 0.30, 0, 360), _arc(0.78, 0.74, 0.78, 0.80, 180, 246)]
GLYPHS: Final[dict[str, list[Stroke]]] = {
    "0": [[*_arc(0.28, 0.29, 0.28, 0.29, 180, 360), *_arc(0.28, 0.71, 0.28, 0.29, 0, 180), (0.0, 0.29)]],
    "1": [[(0.06, 0.17), (0.30, 0.0), (0.30, 1.0)]],
    "2": [[*_arc(0.28, 0.28, 0.27, 0.28, 195, 395), (0.0, 1.0), (0.57, 1.0)]],
    "3": [[*_arc(0.27, 0.255, 0.25, 0.255, 200, 450), *_arc(0.27, 0.735, 0.29, 0.265, 270, 515)]],
    "4": [[(0.44, 1.0), (0.44, 0.0), (0.0, 0.72), (0.60, 0.72)]],
    "5": [[(0.52, 0.0), (0.10, 0.0), (0.05, 0.47), *_arc(0.27, 0.68, 0.29, 0.32, 222, 510)]],
    "6": _SIX,
    "7": [[(0.0, 0.0), (0.57, 0.0), (0.20, 1.0)]],
    "8": [_arc(0.28, 0.25, 0.24, 0.25, 0, 360), _arc(0.28, 0.74, 0.28, 0.26, 0, 360)],
    "9": [[(0.56 - x, 1 - y) for x, y in stroke] for stroke in _SIX],
    ":": [[(0.06, 0.34), (0.06, 0.34)], [(0.06, 0.80), (0.06, 0.80)]],
    ".": [[(0.06, 0.97), (0.06, 0.97)]],
    "U": [[(0.0, 0.0), (0.0, 0.70), *_arc(0.30, 0.70, 0.30, 0.30, 180, 0), (0.60, 0.0)]],
    "T": [[(0.0, 0.0), (0.62, 0.0)], [(0.31, 0.0), (0.31, 1.0)]],
    "C": [_arc(0.34, 0.5, 0.34, 0.5, -52, -308)],
    "+": [[(0.02, 0.55), (0.54, 0.55)], [(0.28, 0.28), (0.28, 0.82)]],
    "-": [[(0.04, 0.55), (0.50, 0.55)]],
}
NARROW: Final = {":": 0.12, ".": 0.12}


class ClockFace:
    """Draws the time of one zone into pictures of one size."""

    def __init__(self, zone: ZoneInfo, width: int, height: int) -> None:
        unit = height / 720
        self._zone = zone
        self._right = width - round(MARGIN * unit)
        self._bottom = height - round(MARGIN * unit)
        self._time = {glyph: _inked(glyph, TIME_HEIGHT * unit, TIME_LUMA) for glyph in "0123456789:."}
        self._small = {glyph: _inked(glyph, ZONE_HEIGHT * unit, ZONE_LUMA) for glyph in "UTC+-:0123456789"}
        self._zone_bottom = self._bottom - round((TIME_HEIGHT + 11) * unit)

    def draw(self, luma: Luma, milliseconds: int) -> None:
        """Writes the time, milliseconds since the Unix epoch, into a luma plane (height, width), in place."""
        moment = dt.datetime.fromtimestamp(milliseconds // 1000, self._zone)
        text = f"{moment:%H:%M:%S}.{milliseconds % 1000:03d}"
        _set(luma, [self._time[glyph] for glyph in text], self._right, self._bottom)
        _set(luma, [self._small[glyph] for glyph in zone_text(moment)], self._right, self._zone_bottom)


def zone_text(moment: dt.datetime) -> str:
    """UTC, UTC+8, UTC-3:30."""
    minutes = int((moment.utcoffset() or dt.timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def _set(luma: Luma, glyphs: list[Luma], right: int, bottom: int) -> None:
    left = right - sum(glyph.shape[1] for glyph in glyphs)
    for glyph in glyphs:
        luma[bottom - glyph.shape[0] : bottom, left : left + glyph.shape[1]] = glyph
        left += glyph.shape[1]


def _inked(glyph: str, size: float, level: int) -> Luma:
    """A glyph of `size` pixels height on black, with smooth edges and the space around it."""
    pad = 0.12
    advance = NARROW.get(glyph, 0.60) + 2 * pad
    rows, columns = np.mgrid[0 : round(size * (1 + 2 * pad)), 0 : round(size * advance)]
    x, y = (columns + 0.5) / size - pad, (rows + 0.5) / size - pad
    away = np.full(x.shape, 9.0)
    for stroke in GLYPHS[glyph]:
        for start, end in itertools.pairwise(stroke):
            away = np.minimum(away, _distance(x, y, start, end))
    weight = WEIGHT * (1.45 if glyph in NARROW else 1)
    ink = np.clip((weight / 2 - away) * size + 0.5, 0, 1)
    return np.asarray(16 + (level - 16) * ink, np.uint8)


def _distance(
    x: NDArray[np.float64], y: NDArray[np.float64], start: Point, end: Point
) -> NDArray[np.float64]:
    run, rise = end[0] - start[0], end[1] - start[1]
    length = max(run * run + rise * rise, 1e-12)
    share = np.clip(((x - start[0]) * run + (y - start[1]) * rise) / length, 0, 1)
    return np.asarray(np.hypot(x - start[0] - share * run, y - start[1] - share * rise))
