"""Parts and segments, byte for byte: each lie is found."""

from decimal import Decimal
from fractions import Fraction

import pytest

from . import sample_stream as stream
from .byte_rules import ByteTimeline, check_moments, check_segment_bytes, peak_bitrate
from .initialisation import read_initialisation
from .media_playlist import Part, Segment
from .sample_bytes import Frame, access_unit, chunk, full_box

LONG = Part("x", Decimal("0.13333"), independent=True)
NEXT = Part("x", Decimal("0.13333"))


def _video() -> ByteTimeline:
    return ByteTimeline("x", read_initialisation(stream.initialisation("720p")))


def _frames(idr: bool = True, duration: int = 3000) -> list[Frame]:
    return [Frame(duration, idr and not i, access_unit(idr and not i)) for i in range(4)]


@pytest.mark.parametrize("rendition", ["720p", "fr"])
def test_the_sample_keeps_every_rule(rendition: str) -> None:
    timeline = ByteTimeline("x", read_initialisation(stream.initialisation(rendition)))
    for number in range(60):
        item = stream.listed(rendition, number)
        declared = Part(item.uri, Decimal(f"{item.duration:.5f}"), independent=number % 2 == 0)
        assert timeline.part((number // 2, number % 2), declared, stream.part(rendition, number)) == []
    assert len(timeline.segment_starts) == 30


@pytest.mark.parametrize(
    ("rule", "second"),
    [
        ("not-contiguous", chunk(2, 12_001, _frames(False))),
        ("moof-sequence", chunk(1, 12_000, _frames(False))),
        ("duration-untrue", chunk(2, 12_000, _frames(False, 2900))),
        ("bad-chunk", chunk(2, 12_000, _frames(False))[:-1]),
        ("bad-chunk", chunk(2, 12_000, _frames(False)) + b"\0\0\0\x08free"),
        ("bad-chunk", b""),
        ("sync-flag-untrue", chunk(2, 12_000, [Frame(3000, True, access_unit(False))] * 4)),
        ("sync-flag-untrue", chunk(2, 12_000, [Frame(3000, False, access_unit(True))] * 4)),
        ("bad-access-unit", chunk(2, 12_000, [Frame(3000, True, b"\0\0\0\x09\x65")] * 4)),
    ],
)
def test_each_violation_is_found(rule: str, second: bytes) -> None:
    timeline = _video()
    assert timeline.part((0, 0), LONG, chunk(1, 0, _frames())) == []
    assert rule in {violation.rule for violation in timeline.part((0, 1), NEXT, second)}


def test_untrue_independence_is_found() -> None:
    dependent = chunk(1, 0, _frames(False))
    assert [v.rule for v in _video().part((0, 1), LONG, dependent)] == ["independent-untrue"]
    assert [v.rule for v in _video().part((0, 0), NEXT, dependent)] == ["segment-not-independent"]


def test_several_chunks_make_a_part_if_they_follow_each_other() -> None:
    first, rest = _frames()[:1], _frames()[1:]
    assert _video().part((0, 0), LONG, chunk(1, 0, first) + chunk(2, 3000, rest)) == []
    gap = _video().part((0, 0), LONG, chunk(1, 0, first) + chunk(2, 3001, rest))
    assert [violation.rule for violation in gap] == ["not-contiguous"]


def test_data_offset_outside_the_mdat_is_found() -> None:
    data = chunk(1, 0, _frames())
    at = data.index(b"trun") + 12
    wrong = data[:at] + (int.from_bytes(data[at : at + 4], "big") + 1).to_bytes(4, "big") + data[at + 4 :]
    assert [violation.rule for violation in _video().part((0, 0), LONG, wrong)] == ["bad-chunk"]


def test_a_track_that_is_not_the_initialised_one_is_found() -> None:
    tfhd = full_box("tfhd", 0, 0x20000, b"\0\0\0\x01")
    wrong = chunk(1, 0, _frames()).replace(tfhd, full_box("tfhd", 0, 0x20000, b"\0\0\0\x02"))
    assert [violation.rule for violation in _video().part((0, 0), LONG, wrong)] == ["bad-chunk"]


def test_after_a_missed_part_nothing_is_expected() -> None:
    timeline = _video()
    timeline.part((0, 0), LONG, chunk(1, 0, _frames()))
    timeline.forget()
    assert timeline.part((5, 0), LONG, chunk(9, 90_000, _frames())) == []


def test_a_segment_is_its_parts() -> None:
    segment = Segment(7)
    assert check_segment_bytes("x", segment, b"abcd", [b"ab", b"cd"]) == []
    assert [v.rule for v in check_segment_bytes("x", segment, b"abcx", [b"ab", b"cd"])] == [
        "segment-not-its-parts"
    ]


def test_segments_that_start_more_than_an_aac_frame_apart_are_found() -> None:
    good = {"a": {1: Fraction(1), 2: Fraction(2)}, "b": {1: Fraction(1) + Fraction(1024, 48_000)}}
    assert check_moments(good) == []
    good["b"][2] = Fraction(2) - Fraction(1025, 48_000)
    assert [violation.rule for violation in check_moments(good)] == ["segments-apart"]


def test_peak_bitrate_is_that_of_half_to_one_and_a_half_targets() -> None:
    second = Decimal(1)
    assert peak_bitrate([(second, 1000), (second, 3000), (second, 1000)], 1) == 24_000
    # Segments of 0.25 s: a single large one is averaged with its neighbour.
    quarter = Decimal("0.25")
    assert peak_bitrate([(quarter, 100), (quarter, 900), (quarter, 100)], 1) == 16_000
