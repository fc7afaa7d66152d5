"""The moving picture: breath, instruments, the round edge of the scope, for both views.

A frame is three planes of 8-bit YUV 4:2:0, BT.709, limited range. Both views are drawn from the
same field and the same poses, so that they fit each other to the pixel.
"""

import math
from collections.abc import Iterator
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from amphitheatre.camera import instruments, tissue
from amphitheatre.camera.instruments import DISSECTOR, GRASPER
from amphitheatre.camera.noise import Field, smoothstep, sunk

View = Literal["laparoscope", "fluorescence"]
Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

LOOP_SECONDS: Final = 16
BREATHS: Final = 4  # a loop
BREATH_STEPS: Final = 40  # distinct pictures of the field, from breathed out to breathed in
RISE: Final = 13.0  # how far a breath carries the liver, in 1/720 of the picture's height
SCOPE: Final = 500.0  # radius of the round picture, in 1/720 of the picture's height


def breath(phase: float) -> float:
    """0 breathed out, 1 breathed in; a ventilator blows in quickly and lets out slowly."""
    turn = phase * BREATHS % 1
    if turn < 0.36:
        return 0.5 - 0.5 * math.cos(math.pi * turn / 0.36)
    return 0.5 + 0.5 * math.cos(math.pi * (turn - 0.36) / 0.64)


class Scene:
    """One view of the operation. Steps of the field are drawn when first wanted, then kept."""

    def __init__(self, view: View, width: int, height: int) -> None:
        self.view = view
        self.width, self.height = width, height
        # Outside the scope's circle nothing needs drawing.
        self._left = max(0, int(width / 2 - (SCOPE + 2) * height / 720)) & ~1
        self._tissue = tissue.drawn(width, height).cropped(self._left, width - self._left)
        self._scope = _scope(width, height)
        self._fields: dict[int, Planes] = {}

    def frames(self, count: int) -> Iterator[Planes]:
        """The loop in `count` frames."""
        for index in range(count):
            yield self.frame(index / count)

    def frame(self, phase: float) -> Planes:
        """The picture at a phase of the loop, 0 to 1."""
        air = breath(phase)
        step = round(air * (BREATH_STEPS - 1))
        if step not in self._fields:
            self._fields[step] = self._field(step / (BREATH_STEPS - 1))
        luma, blue, red = (plane.copy() for plane in self._fields[step])
        for tool, pose in ((GRASPER, instruments.grasper), (DISSECTOR, instruments.dissector)):
            for patch in instruments.drawn(pose(phase, air), tool, self.width, self.height):
                self._lay(patch, luma, blue, red)
        return luma, blue, red

    def _field(self, air: float) -> Planes:
        """The field without instruments, with so much breath drawn."""
        inside = np.s_[:, self._left : self.width - self._left]
        lift = self._tissue.moves * (air * RISE * self.height / 720)
        # Reflections stay nearer to the lens than the tissue that makes them.
        gleam = sunk(self._tissue.shine, 0.45 * lift)[..., None]
        light = self._white(lift, gleam) if self.view == "laparoscope" else self._fluorescent(lift, gleam)
        field = _planes(_developed(light * self._scope[inside][..., None]))
        sides = (self._left, self._left // 2, self._left // 2)
        return tuple(  # type: ignore[return-value]  # three of them, as they were
            np.pad(plane, ((0, 0), (side, side)), constant_values=black)
            for plane, side, black in zip(field, sides, (16, 128, 128), strict=True)
        )

    def _white(self, lift: Field, gleam: Field) -> Field:
        return sunk(self._tissue.colour, lift) * 2.0 + gleam * np.array((1.1, 1.06, 1.01), np.float32)

    def _fluorescent(self, lift: Field, gleam: Field) -> Field:
        relief = sunk(self._tissue.relief, lift)[..., None]
        glow = sunk(self._tissue.glow, lift)[..., None]
        grey = (0.030 * relief + 0.05 * gleam) * np.array((0.50, 1.0, 0.88), np.float32)
        green = glow * np.array((0.030, 1.0, 0.40), np.float32) * (0.55 + 0.45 * relief)
        # Where it shines most the sensor is near its end and the green turns pale.
        return grey + green + 0.22 * np.clip(glow - 0.9, 0, None) ** 2

    def _lay(self, patch: instruments.Patch, *planes: NDArray[np.uint8]) -> None:
        bottom, right = patch.top + patch.cover.shape[0], patch.left + patch.cover.shape[1]
        scope = self._scope[patch.top : bottom, patch.left : right]
        metal = _developed(patch.luma * scope * (1.15 if self.view == "laparoscope" else 0.05))
        tint = (130, 126) if self.view == "laparoscope" else (127, 122)
        luma, *chroma = planes
        under = luma[patch.top : bottom, patch.left : right].astype(np.float32) - 16
        under *= 1 - 0.6 * patch.shade
        mixed = under * (1 - patch.cover) + 219 * metal * patch.cover + 16.5
        luma[patch.top : bottom, patch.left : right] = mixed.astype(np.uint8)
        half = patch.cover[::2, ::2]
        kept = (1 - half) * (1 - 0.35 * patch.shade[::2, ::2])
        edge = np.clip(scope[::2, ::2] * 3, 0, 1) * half
        for plane, colour in zip(chroma, tint, strict=True):
            part = plane[patch.top // 2 : bottom // 2, patch.left // 2 : right // 2]
            part[...] = (128.5 + (part.astype(np.float32) - 128) * kept + (colour - 128) * edge).astype(
                np.uint8
            )


def _scope(width: int, height: int) -> Field:
    """Light that reaches each place through the scope: round, darker towards the edge, black outside."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    unit = height / 720
    away = np.hypot(columns - width / 2, rows - height / 2) / unit
    rim = 1 - smoothstep(SCOPE - 3, SCOPE + 1, away)
    return (rim * (1 - 0.80 * np.clip(away / SCOPE, 0, 1) ** 3.2)).astype(np.float32)


def _developed(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear light as a camera shows it, 0 to 1: highlights roll off instead of clipping."""
    return np.clip(1 - np.exp(-1.15 * np.clip(light, 0, None)), 0, 1) ** np.float32(1 / 2.2)


def _planes(rgb: NDArray[np.float32]) -> Planes:
    """YUV 4:2:0 of an RGB picture (BT.709, limited range), with a trace of grain against banding."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    cells = (luma.shape[0] // 2, 2, luma.shape[1] // 2, 2)
    half = luma.reshape(cells).mean(axis=(1, 3))
    cb = (blue.reshape(cells).mean(axis=(1, 3)) - half) / 1.8556
    cr = (red.reshape(cells).mean(axis=(1, 3)) - half) / 1.5748
    dither = np.random.default_rng(7).uniform(0, 1, luma.shape).astype(np.float32)
    return (
        (16 + 219 * luma + dither).clip(16, 235).astype(np.uint8),
        (128.5 + 224 * cb).astype(np.uint8),
        (128.5 + 224 * cr).astype(np.uint8),
    )
