"""FLV tag bodies, as they travel in RTMP messages and in FLV files.

Adobe Flash Video File Format Specification 10.1, annex E; AMF 0 specification for the metadata.
"""

import re
import struct
from typing import Final

SOUND: Final = 8
PICTURE: Final = 9
DATA: Final = 18

_START_CODE: Final = re.compile(b"\x00\x00\x00?\x01")
_SPS, _PPS = 7, 8
_AAC_STEREO: Final = 0xAF  # AAC, "44 kHz", 16 bit, stereo: constant for AAC, the true rate is in its header


def units(annexb: bytes) -> list[bytes]:
    """The NAL units of a byte stream (ITU-T H.264, annex B)."""
    return [unit for unit in _START_CODE.split(annexb) if unit]


def picture_header(annexb_header: bytes) -> bytes:
    """AVC sequence header of an encoder's SPS and PPS. Raises ValueError when one is missing."""
    sps = [unit for unit in units(annexb_header) if unit[0] & 31 == _SPS]
    pps = [unit for unit in units(annexb_header) if unit[0] & 31 == _PPS]
    if not sps or not pps:
        raise ValueError("the encoder gave no parameter sets")
    # AVCDecoderConfigurationRecord, ISO/IEC 14496-15, 5.3.3.1
    record = bytes([1, *sps[0][1:4], 0xFF, 0xE1]) + struct.pack(">H", len(sps[0])) + sps[0]
    return b"\x17\x00\x00\x00\x00" + record + b"\x01" + struct.pack(">H", len(pps[0])) + pps[0]


def picture(annexb: bytes, key: bool) -> bytes:
    """A coded picture; without B-frames, so its composition time offset is 0."""
    body = b"".join(struct.pack(">I", len(unit)) + unit for unit in units(annexb))
    return (b"\x17" if key else b"\x27") + b"\x01\x00\x00\x00" + body


def sound_header(config: bytes) -> bytes:
    """AAC sequence header of an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1)."""
    return bytes([_AAC_STEREO, 0]) + config


def sound(packet: bytes) -> bytes:
    return bytes([_AAC_STEREO, 1]) + packet


def amf(value: object) -> bytes:
    """AMF 0 of text, numbers, truth values, None and dicts of those. Raises TypeError for anything else."""
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01" + bytes([value])
    if isinstance(value, int | float):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        raw = value.encode()
        return b"\x02" + struct.pack(">H", len(raw)) + raw
    if isinstance(value, dict):
        members = b"".join(amf(str(name))[1:] + amf(member) for name, member in value.items())
        return b"\x03" + members + b"\x00\x00\x09"
    raise TypeError(f"AMF has no {type(value).__name__}")


def metadata(facts: dict[str, object]) -> bytes:
    return amf("onMetaData") + amf(facts)


FILE_HEADER: Final = b"FLV\x01%c\x00\x00\x00\x09\x00\x00\x00\x00"


def file_header(has_sound: bool, has_picture: bool) -> bytes:
    return FILE_HEADER % (4 * has_sound + has_picture)


def tag(kind: int, milliseconds: int, body: bytes) -> bytes:
    """A tag of a file, with the size that follows it."""
    size, time = struct.pack(">I", len(body))[1:], struct.pack(">I", milliseconds & 0xFFFFFFFF)
    head = bytes([kind]) + size + time[1:] + time[:1] + b"\x00\x00\x00"
    return head + body + struct.pack(">I", len(head) + len(body))
