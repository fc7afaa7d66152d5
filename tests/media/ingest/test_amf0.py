"""AMF0 there and back, and hostile values."""

import random

import pytest

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import amf0


def test_there_and_back() -> None:
    values: list[amf0.Value] = [
        "connect",
        1.0,
        {"app": "live", "nested": {"yes": True}},
        None,
        [1.0, "é"],
        False,
    ]
    assert amf0.decode(amf0.encode(*values)) == values


def test_types_only_encoders_send() -> None:
    ecma = b"\x08\x00\x00\x00\x63" + b"\x00\x01a" + amf0.encode(1.0) + b"\x00\x00\x09"
    long_text = b"\x0c\x00\x00\x00\x02hi"
    date = b"\x0b" + amf0.encode(5.0)[1:] + b"\x00\x00"
    assert amf0.decode(ecma + long_text + date + b"\x06") == [{"a": 1.0}, "hi", 5.0, None]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        b"\x02\xff\xffshort",
        b"\x0a\xff\xff\xff\xff",
        b"\x03" + b"\x00\x01a\x03" * 50,
        b"\x05" * 1000,
        b"\x11",
        b"\x08\x00\x00\x00\x00",
    ],
)
def test_hostile_values_are_refused(data: bytes) -> None:
    with pytest.raises(SourceBroken, match="bad-amf"):
        amf0.decode(data)


def test_random_bytes_raise_nothing_else() -> None:
    dice = random.Random(5)
    refused = 0
    for _ in range(3000):
        try:
            amf0.decode(dice.randbytes(dice.randint(0, 80)))
        except SourceBroken:
            refused += 1
    assert refused > 2000
