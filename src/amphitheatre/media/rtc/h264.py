"""The little that WebRTC needs to know of H.264 (ITU-T H.264, Annex B; ISO/IEC 14496-15, 5.3.3.1)."""

from collections.abc import Iterator
from typing import Final

from amphitheatre.media.errors import SourceBroken

START_CODE: Final = b"\x00\x00\x00\x01"
_SHORT_CODE: Final = b"\x00\x00\x01"
_IDR: Final = 5
_SPS: Final = 7


def nal_types(annex_b: bytes) -> Iterator[int]:
    """Types of the NAL units of an access unit."""
    at = annex_b.find(_SHORT_CODE)
    while 0 <= at < len(annex_b) - 3:
        yield annex_b[at + 3] & 0x1F
        at = annex_b.find(_SHORT_CODE, at + 3)


def is_idr(annex_b: bytes) -> bool:
    """Whether decoding can start here, given parameter sets."""
    return _IDR in nal_types(annex_b)


def starts_afresh(annex_b: bytes) -> bool:
    """Whether the access unit brings its own sequence parameter set, so its beginning is there too."""
    return _SPS in nal_types(annex_b)


def annex_b(avcc: bytes) -> bytes:
    """An access unit with 4-byte lengths as one with start codes. Raises SourceBroken if a length lies."""
    parts = []
    at, end = 0, len(avcc)
    while at < end:
        size = int.from_bytes(avcc[at : at + 4], "big")
        at += 4
        if size == 0 or at + size > end:
            raise SourceBroken("bad-access-unit")
        parts += [START_CODE, avcc[at : at + size]]
        at += size
    return b"".join(parts)


def parameter_sets(record: bytes) -> bytes:
    """SPS and PPS of an AVCDecoderConfigurationRecord with start codes. Raises SourceBroken."""
    parts = []
    try:
        at = 5
        for mask in (0x1F, 0xFF):
            count = record[at] & mask
            at += 1
            for _ in range(count):
                size = int.from_bytes(record[at : at + 2], "big")
                at += 2
                if size == 0 or at + size > len(record):
                    raise SourceBroken("bad-parameter-sets")
                parts += [START_CODE, record[at : at + size]]
                at += size
    except IndexError as error:
        raise SourceBroken("bad-parameter-sets") from error
    return b"".join(parts)
