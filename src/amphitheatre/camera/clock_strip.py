"""The wall time in the picture, for machines.

Format, version 1. The strip is 4 rows of 12 square blocks in the lower left corner of the picture.
Lengths are in units of 1/720 of the picture's height: a block is 16 wide and high, the strip's left
edge is 16 from the picture's left, its lower edge 16 from the picture's bottom, so it covers x 16 to
208 and y 640 to 704 of a 1280 × 720 picture. The strip lies on black.

Read row by row from the upper left, a bright block is 1. The 48 bits are, most significant first:

    42 bits   milliseconds since the Unix epoch, UTC
     6 bits   CRC-6 over those 42 bits: polynomial x^6 + x + 1 (0x03), start 0x3F, no reflection, no final xor

Bright is luma 150 and dark luma 16 (BT.709, limited range). A reader takes the mean of the middle
half of each block, thresholds half way between the darkest and the brightest of the 48, and refuses
the strip when these are less than 40 apart or the CRC is wrong. The start value makes a strip that
is all dark or all bright wrong, so a black or frozen white picture is never a time.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ROWS: Final = 4
COLUMNS: Final = 12
BLOCK: Final = 16  # 1/720 of the picture's height
MARGIN: Final = 16  # 1/720 of the picture's height, left and below
TIME_BITS: Final = 42
CHECK_BITS: Final = 6
BRIGHT: Final = 150
DARK: Final = 16
LEAST_CONTRAST: Final = 40

Luma = NDArray[np.uint8]


def checksum(milliseconds: int) -> int:
    """CRC-6 of a time."""
    crc = 0x3F
    for place in range(TIME_BITS - 1, -1, -1):
        feedback = (crc >> 5 ^ milliseconds >> place) & 1
        crc = (crc << 1 & 0x3F) ^ (0x03 if feedback else 0)
    return crc


def encode(milliseconds: int) -> NDArray[np.bool_]:
    """The blocks of a time, shape (4, 12). Raises ValueError for a time that 42 bits cannot hold."""
    if not 0 <= milliseconds < 1 << TIME_BITS:
        raise ValueError(f"{milliseconds} ms is no time that the strip can carry")
    word = milliseconds << CHECK_BITS | checksum(milliseconds)
    bits = [word >> place & 1 == 1 for place in range(ROWS * COLUMNS - 1, -1, -1)]
    return np.array(bits).reshape(ROWS, COLUMNS)


def draw(luma: Luma, milliseconds: int) -> None:
    """Writes the strip of a time into a luma plane (height, width), in place."""
    unit = luma.shape[0] / 720
    block = round(BLOCK * unit)
    left = round(MARGIN * unit)
    top = luma.shape[0] - left - ROWS * block
    levels = np.where(encode(milliseconds), BRIGHT, DARK).astype(np.uint8)
    strip = levels.repeat(block, axis=0).repeat(block, axis=1)
    luma[top : top + strip.shape[0], left : left + strip.shape[1]] = strip


def decode(luma: Luma) -> int | None:
    """The time in a luma plane (height, width) of any size, in milliseconds since the Unix epoch.

    None when there is no strip or it cannot be read with certainty. Grey pictures of full range do as well.
    """
    unit = luma.shape[0] / 720
    levels = np.array(
        [[_middle(luma, row, column, unit) for column in range(COLUMNS)] for row in range(ROWS)]
    )
    if levels.max() - levels.min() < LEAST_CONTRAST:
        return None
    word = 0
    for bit in (levels > (levels.max() + levels.min()) / 2).ravel():
        word = word << 1 | int(bit)
    milliseconds = word >> CHECK_BITS
    return milliseconds if checksum(milliseconds) == word & (1 << CHECK_BITS) - 1 else None


def _middle(luma: Luma, row: int, column: int, unit: float) -> float:
    left = (MARGIN + (column + 0.25) * BLOCK) * unit
    top = luma.shape[0] - (MARGIN + (ROWS - row - 0.25) * BLOCK) * unit
    reach = max(1, round(BLOCK * unit / 2))
    x, y = round(left), round(top)
    return float(luma[y : y + reach, x : x + reach].mean())
