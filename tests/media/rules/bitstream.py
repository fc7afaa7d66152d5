"""H.264 bits: the picture size in a sequence parameter set (ITU-T H.264, 7.3.2.1.1) and NAL unit types (7.4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

IDR = 5
_HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}


class BitstreamError(ValueError):
    """The bytes are no H.264."""


@dataclass
class _Bits:
    data: bytes
    at: int = 0

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            if self.at >= 8 * len(self.data):
                raise BitstreamError("parameter set is cut")
            value = value << 1 | (self.data[self.at // 8] >> (7 - self.at % 8)) & 1
            self.at += 1
        return value

    def ue(self) -> int:
        zeros = 0
        while self.take(1) == 0:
            zeros += 1
        return (1 << zeros) - 1 + (self.take(zeros) if zeros else 0)

    def se(self) -> int:
        value = self.ue()
        return (value + 1) // 2 if value % 2 else -(value // 2)


def picture_size(sps: bytes) -> tuple[int, int]:
    """(width, height) in luma samples after cropping."""
    bits = _Bits(sps[1:].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.take(8)
    bits.take(16)
    bits.ue()
    chroma = 1
    if profile in _HIGH:
        chroma = _high_profile(bits)
    bits.ue()
    if (order := bits.ue()) == 0:
        bits.ue()
    elif order == 1:
        bits.take(1), bits.se(), bits.se()
        for _ in range(bits.ue()):
            bits.se()
    bits.ue(), bits.take(1)
    width = 16 * (bits.ue() + 1)
    rows = bits.ue() + 1
    frames_only = bits.take(1)
    height = 16 * rows * (2 - frames_only)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    if bits.take(1):
        left, right, top, bottom = (bits.ue() for _ in range(4))
        across = 2 if chroma in (1, 2) else 1
        down = (2 if chroma == 1 else 1) * (2 - frames_only)
        width, height = width - across * (left + right), height - down * (top + bottom)
    return width, height


def _high_profile(bits: _Bits) -> int:
    chroma = bits.ue()
    if chroma == 3:
        bits.take(1)
    bits.ue(), bits.ue(), bits.take(1)
    if bits.take(1):
        for index in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _scaling_list(bits, 16 if index < 6 else 64)
    return chroma


def _scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se() + 256) % 256
        last = following or last


def nal_types(access_unit: bytes) -> Iterator[int]:
    """NAL unit types of an access unit with 4-byte lengths (ISO/IEC 14496-15, 5.3.4.2)."""
    at = 0
    while at < len(access_unit):
        size = int.from_bytes(access_unit[at : at + 4], "big")
        if size == 0 or at + 4 + size > len(access_unit):
            raise BitstreamError(f"NAL unit of {size} bytes at {at} does not fit")
        yield access_unit[at + 4] & 0x1F
        at += 4 + size
