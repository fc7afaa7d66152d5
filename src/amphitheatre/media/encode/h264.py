"""H.264 byte streams: from Annex B (ITU-T H.264, annex B) to length-prefixed access units (ISO/IEC 14496-15)."""

import struct
from collections.abc import Iterator
from typing import Final

_SPS: Final = 7
_PPS: Final = 8
_KEPT: Final = frozenset((1, 2, 3, 4, 5))  # slices; parameter sets are in the init segment, SEI is not needed


def nal_units(data: bytes) -> Iterator[bytes]:
    """Split at start codes. Emulation prevention keeps 00 00 01 out of a NAL unit's own bytes."""
    at = data.find(b"\0\0\1")
    while at >= 0:
        start = at + 3
        at = data.find(b"\0\0\1", start)
        unit = data[start:] if at < 0 else data[start:at]
        if unit := unit.rstrip(b"\0"):
            yield unit


def length_prefixed(data: bytes) -> bytes:
    """The slices of one access unit, each behind a 4-byte length."""
    return b"".join(
        struct.pack(">I", len(unit)) + unit for unit in nal_units(data) if unit[0] & 0x1F in _KEPT
    )


def avcc(extradata: bytes) -> bytes:
    """AVCDecoderConfigurationRecord from an encoder's Annex B parameter sets."""
    units = list(nal_units(extradata))
    sps = next(unit for unit in units if unit[0] & 0x1F == _SPS)
    pps = next(unit for unit in units if unit[0] & 0x1F == _PPS)
    record = bytes((1, sps[1], sps[2], sps[3], 0xFF, 0xE1)) + struct.pack(">H", len(sps)) + sps
    record += b"\x01" + struct.pack(">H", len(pps)) + pps
    if sps[1] in (100, 110, 122, 144):  # high profiles say their chroma format and depth: 4:2:0, 8 bits
        record += bytes((0xFD, 0xF8, 0xF8, 0))
    return record
