"""The operating field at rest: surfaces, their colours and how wet they are.

Laparoscopic picture of a liver: the lobe hangs into the picture from above, its lower margin runs
across; below it the gallbladder and yellow fat, behind it the pink wall with its vessels. Lengths
are given for a picture 720 lines high and scaled to the size asked for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amphitheatre.camera import vessels
from amphitheatre.camera.noise import Field, blurred, fractal, lobules, smooth, smoothstep

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Tissue:
    """Linear light, 0 to 1. colour: (height, width, 3), lit by the scope, without reflections.

    shine: what a wet surface mirrors. glow: where indocyanine green has gathered.
    relief: light alone, for the fluorescence picture. moves: how far breathing carries each place, 0 to 1.
    """

    colour: NDArray[np.float32]
    shine: Field
    glow: Field
    relief: Field
    moves: Field

    def cropped(self, left: int, right: int) -> "Tissue":
        """The columns from `left` to before `right`."""
        columns = np.s_[:, left:right]
        return Tissue(
            np.ascontiguousarray(self.colour[columns]),
            np.ascontiguousarray(self.shine[columns]),
            np.ascontiguousarray(self.glow[columns]),
            np.ascontiguousarray(self.relief[columns]),
            np.ascontiguousarray(self.moves[columns]),
        )


@dataclass
class _Surface:
    inside: Field  # soft mask
    height: Field  # pixels above the wall
    albedo: NDArray[np.float32]
    wet: float  # how much it mirrors


class _Sheet:
    """Coordinates and noise of one picture size."""

    def __init__(self, width: int, height: int) -> None:
        self.shape = (height, width)
        self.unit = height / 720
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        self.x = (columns - width / 2) / self.unit
        self.y = (rows - height / 2) / self.unit

    def fractal(self, cell: float, octaves: int, seed: int) -> Field:
        return fractal(self.shape, cell * self.unit, octaves, seed)

    def smooth(self, cell: float, seed: int) -> Field:
        return smooth(self.shape, cell * self.unit, seed)

    def tree(self, x: float, y: float, heading: float, width: float, length: float, seed: int) -> Field:
        start = (x * self.unit + self.shape[1] / 2, y * self.unit + self.shape[0] / 2)
        return vessels.drawn(self.shape, start, heading, width * self.unit, length * self.unit, seed)


def drawn(width: int, height: int) -> Tissue:
    """The field at rest, `width` × `height` pixels; about two seconds of work at 1280 × 720."""
    sheet = _Sheet(width, height)
    surfaces = [_wall(sheet), _fat(sheet), _gallbladder(sheet), _liver(sheet)]
    colour = np.zeros((*sheet.shape, 3), np.float32)
    shine = np.zeros(sheet.shape, np.float32)
    relief = np.zeros(sheet.shape, np.float32)
    for surface in surfaces:
        light, mirrored = _lit(sheet, surface.height)
        inside = surface.inside[..., None]
        # What lies below an overhanging edge is in its shadow, softly and a little further down.
        shadow = 1 - 0.62 * blurred(np.roll(surface.inside, int(10 * sheet.unit), axis=0), 13 * sheet.unit)
        colour = colour * shadow[..., None] * (1 - inside) + surface.albedo * light[..., None] * inside
        shine = shine * shadow * (1 - surface.inside) + mirrored * surface.wet * surface.inside
        relief = relief * shadow * (1 - surface.inside) + light * surface.inside
    liver, gallbladder = surfaces[3].inside, surfaces[2].inside
    return Tissue(colour, shine, _glow(sheet, liver, gallbladder), relief, _moves(sheet, liver))


def _lit(sheet: _Sheet, height: Field) -> tuple[Field, Field]:
    """Light that a surface gives back, and what it mirrors, under a lamp beside the lens."""
    down, right = np.gradient(height / sheet.unit, axis=(0, 1))
    down, right = down * sheet.unit, right * sheet.unit
    up = 1 / np.sqrt(1 + down**2 + right**2)
    # The lamp stands over the middle of the picture; the further a place, the more slanted and faint.
    lamp_x, lamp_y, lamp_z = -40 - sheet.x, -70 - sheet.y, 520.0
    far = np.sqrt(lamp_x**2 + lamp_y**2 + lamp_z**2)
    facing = np.clip((-right * lamp_x - down * lamp_y + lamp_z) / far * up, 0, 1)
    light = (0.12 + 0.95 * facing) * (560 / far) ** 2.2
    eye = np.sqrt(sheet.x**2 + sheet.y**2 + 560.0**2)
    half_x, half_y, half_z = (
        lamp_x / far - sheet.x / eye,
        lamp_y / far - sheet.y / eye,
        lamp_z / far + 560 / eye,
    )
    half = np.sqrt(half_x**2 + half_y**2 + half_z**2)
    gleam = np.clip((-right * half_x - down * half_y + half_z) / half * up, 0, 1)
    return light.astype(np.float32), (0.85 * gleam**260 + 0.10 * gleam**24).astype(np.float32)


def _mixed(low: Colour, high: Colour, share: Field) -> NDArray[np.float32]:
    share = np.clip(share, 0, 1)[..., None]
    return np.asarray(low, np.float32) * (1 - share) + np.asarray(high, np.float32) * share


def _stained(albedo: NDArray[np.float32], colour: Colour, share: Field) -> NDArray[np.float32]:
    share = np.clip(share, 0, 1)[..., None]
    return albedo * (1 - share) + np.asarray(colour, np.float32) * share


def _wall(sheet: _Sheet) -> _Surface:
    vein = np.maximum(sheet.tree(-560, 20, 0.15, 8, 760, 5), sheet.tree(560, 60, 2.9, 7, 560, 6))
    artery = np.maximum(sheet.tree(-540, 90, -0.05, 5, 620, 8), sheet.tree(470, 160, -2.9, 5, 420, 11))
    height = 16 * sheet.fractal(150, 4, 20) + 1.1 * sheet.smooth(11, 29) + 3.0 * vein + 2.0 * artery
    albedo = _mixed((0.40, 0.085, 0.065), (0.66, 0.21, 0.16), 0.5 + 0.3 * sheet.fractal(90, 4, 24))
    albedo = _stained(albedo, (0.28, 0.07, 0.11), 0.6 * vein)
    albedo = _stained(albedo, (0.52, 0.03, 0.03), 0.75 * artery)
    return _Surface(np.ones(sheet.shape, np.float32), height, albedo, 0.9)


def _fat(sheet: _Sheet) -> _Surface:
    edge = sheet.y - 175 + 0.10 * sheet.x + 26 * sheet.fractal(130, 3, 40)
    inside = smoothstep(-5, 5, edge)
    coarse = lobules(sheet.shape, 64 * sheet.unit, 44)
    fine = lobules(sheet.shape, 25 * sheet.unit, 45)
    cell = np.clip(coarse, 0, 1) ** 0.5 * (0.55 + 0.45 * fine**0.5)
    rounded = cell * 9
    height = blurred(rounded.astype(np.float32), 2 * sheet.unit) + 12 * np.sqrt(np.clip(edge / 60, 0, 1))
    height = height + 1.0 * sheet.fractal(16, 2, 47)
    thread = np.maximum(sheet.tree(-420, 330, -0.30, 5, 800, 49), sheet.tree(430, 340, -2.6, 4, 600, 52))
    albedo = _mixed(
        (0.52, 0.13, 0.06), (0.80, 0.44, 0.13), 0.30 + 0.55 * cell + 0.22 * sheet.fractal(90, 3, 48)
    )
    return _Surface(inside, height, _stained(albedo, (0.55, 0.06, 0.05), 0.8 * thread), 0.8)


def _gallbladder(sheet: _Sheet) -> _Surface:
    x, y = sheet.x - 60, sheet.y - 150
    along, across = x * 0.94 + y * 0.34, -x * 0.34 + y * 0.94
    away = 1 - np.sqrt((along / 190) ** 2 + (across / (84 - 0.12 * along)) ** 2) + 0.02 * sheet.smooth(60, 60)
    height = 60 * np.sqrt(np.clip(away, 0, 1)) + 0.7 * sheet.smooth(13, 61)
    thread = np.maximum(sheet.tree(-90, 130, 0.35, 4, 300, 64), sheet.tree(240, 190, 2.9, 3, 300, 66))
    albedo = _mixed((0.30, 0.27, 0.13), (0.52, 0.36, 0.22), 0.5 + 0.3 * sheet.fractal(50, 4, 62))
    return _Surface(
        smoothstep(0.0, 0.04, away), height, _stained(albedo, (0.5, 0.10, 0.08), 0.7 * thread), 1.25
    )


def _liver(sheet: _Sheet) -> _Surface:
    margin = 62 + 78 * np.sin(sheet.x / 235 + 0.55) - 0.00028 * (sheet.x - 40) ** 2 + 9 * sheet.smooth(95, 80)
    depth = margin - sheet.y
    height = 70 * np.sqrt(1 - np.exp(-np.clip(depth, 0, None) / 75)) + 10 * sheet.fractal(190, 3, 82)
    height = height + 0.30 * sheet.smooth(8, 85) + 1.3 * sheet.smooth(26, 86)
    lump = np.exp(-(((sheet.x - 88) / 62) ** 2) - ((sheet.y + 62) / 50) ** 2)
    height = height + 15 * lump
    albedo = _mixed((0.20, 0.026, 0.020), (0.37, 0.070, 0.044), 0.5 + 0.30 * sheet.fractal(70, 5, 88))
    albedo = albedo * (1 + 0.05 * sheet.smooth(5, 93))[..., None]
    albedo = _stained(albedo, (0.50, 0.21, 0.12), 0.42 * lump)
    albedo = _stained(albedo, (0.50, 0.20, 0.13), 0.35 * np.exp(-((depth / 10) ** 2)))
    return _Surface(smoothstep(-1.5, 1.5, depth), height, albedo.astype(np.float32), 1.1)


def _glow(sheet: _Sheet, liver: Field, gallbladder: Field) -> Field:
    """The tumour shines most, the bile in the gallbladder less, healthy liver hardly."""
    ragged = 0.16 * sheet.fractal(40, 4, 100)
    tumour = 1 - np.sqrt(((sheet.x - 88) / 66) ** 2 + ((sheet.y + 62) / 54) ** 2) + ragged
    satellite = 1 - np.sqrt(((sheet.x + 20) / 17) ** 2 + ((sheet.y + 8) / 14) ** 2) + ragged * 0.5
    core = np.maximum(smoothstep(0, 0.5, tumour), 0.8 * smoothstep(0, 0.6, satellite)) * liver
    bile = gallbladder * (1 - liver)
    bile = bile * np.clip(0.34 + 0.10 * sheet.fractal(60, 3, 104), 0, 1)
    field = core + 0.28 * blurred(bile, 3 * sheet.unit) + 0.014 * liver
    return (field + 0.35 * blurred(core, 22 * sheet.unit) + 0.2 * blurred(core, 60 * sheet.unit)).astype(
        np.float32
    )


def _moves(sheet: _Sheet, liver: Field) -> Field:
    return blurred(0.30 + 0.70 * liver, 45 * sheet.unit)
