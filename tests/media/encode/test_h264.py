import struct

import pytest

from amphitheatre.media.encode import h264

SPS = bytes((0x67, 0x64, 0x00, 0x1F, 0xAC))
PPS = bytes((0x68, 0xEE, 0x3C))
SEI = bytes((0x06, 0x05, 0x01, 0x80))
IDR = bytes((0x65, 0x88, 0x00, 0x00, 0x03, 0x01))
SLICE = bytes((0x41, 0x9A, 0x02))


def test_units_are_split_at_start_codes_of_three_and_four_bytes() -> None:
    stream = b"\0\0\0\1" + SPS + b"\0\0\1" + PPS + b"\0\0\0\1" + IDR
    assert list(h264.nal_units(stream)) == [SPS, PPS, IDR]


@pytest.mark.parametrize("stream", [b"", b"\0\0\1", SPS, b"\0\0\0\1\0\0\1"])
def test_where_there_is_no_unit_none_is_found(stream: bytes) -> None:
    assert list(h264.nal_units(stream)) == []


def test_an_access_unit_keeps_its_slices_only() -> None:
    stream = b"".join(b"\0\0\0\1" + unit for unit in (SPS, PPS, SEI, IDR, SLICE))
    expected = struct.pack(">I", len(IDR)) + IDR + struct.pack(">I", len(SLICE)) + SLICE
    assert h264.length_prefixed(stream) == expected


def test_a_high_profile_s_record_ends_with_chroma_and_depth() -> None:
    record = h264.avcc(b"\0\0\0\1" + SPS + b"\0\0\0\1" + PPS)
    assert record[:6] == bytes((1, 0x64, 0x00, 0x1F, 0xFF, 0xE1))
    assert SPS in record
    assert PPS in record
    assert record.endswith(bytes((0xFD, 0xF8, 0xF8, 0)))


def test_a_baseline_profile_s_record_ends_with_its_parameter_sets() -> None:
    baseline = bytes((0x67, 0x42, 0xC0, 0x1E))
    assert h264.avcc(b"\0\0\1" + baseline + b"\0\0\1" + PPS).endswith(PPS)
