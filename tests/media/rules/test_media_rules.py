"""One playlist, one edit, one rule: each violation is found, and the unedited playlist has none."""

import re

import pytest

from . import sample_stream as stream
from .media_playlist import parse_media
from .media_rules import check_media

PARTS = 401  # a segment is in progress


@pytest.mark.parametrize("rendition", ["720p", "fr"])
@pytest.mark.parametrize("parts", [1, 2, 3, 30, 400, 401])
def test_the_sample_keeps_every_rule(rendition: str, parts: int) -> None:
    assert check_media("x", parse_media(stream.media(rendition, parts))) == []


@pytest.mark.parametrize(
    ("rule", "pattern", "becomes"),
    [
        ("version-too-low", "VERSION:9", "VERSION:8"),
        ("no-target-duration", "#EXT-X-TARGETDURATION:1\n", ""),
        ("no-part-target", "#EXT-X-PART-INF.*\n", ""),
        ("not-independent", "#EXT-X-INDEPENDENT-SEGMENTS\n", ""),
        ("no-server-control", "#EXT-X-SERVER-CONTROL.*\n", ""),
        ("no-block-reload", "CAN-BLOCK-RELOAD=YES", "CAN-BLOCK-RELOAD=NO"),
        ("skip-until-too-short", "CAN-SKIP-UNTIL=6.0", "CAN-SKIP-UNTIL=5.9"),
        ("skip-until-too-short", "CAN-SKIP-UNTIL=6.0,", ""),
        ("part-hold-back-too-short", "PART-HOLD-BACK=0.5", "PART-HOLD-BACK=0.4"),
        ("hold-back-too-short", "HOLD-BACK=3.0", "HOLD-BACK=2.9"),
        ("part-too-long", "PART-TARGET=0.13334", "PART-TARGET=0.13332"),
        ("part-too-short", "PART-TARGET=0.13334", "PART-TARGET=0.157"),
        ("segment-too-long", "EXTINF:0.26667", "EXTINF:1.50000"),
        ("parts-do-not-fill", r"EXTINF:0\.26667,\n199", "EXTINF:0.26500,\n199"),
        ("parts-kept-too-long", "(#EXTINF.*\n160.m4s)", '#EXT-X-PART:DURATION=0.26667,URI="a"\n\\1'),
        ("parts-gone-too-soon", "#EXT-X-PART:.*199.*\n", ""),
        ("first-part-not-independent", r'"198\.0\.m4s",INDEPENDENT=YES', '"198.0.m4s"'),
        ("no-date", "#EXT-X-PROGRAM-DATE-TIME.*\n", ""),
        ("date-off", r"\d\d\d\+00:00\n#EXT-X-PART.*199", '999+00:00\n#EXT-X-PART:DURATION=0.1,URI="199'),
        ("no-map", "#EXT-X-MAP.*\n", ""),
        ("no-hint", "#EXT-X-PRELOAD-HINT.*\n", ""),
        ("hint-already-published", r'PART,URI="200\.1', 'PART,URI="200.0'),
        ("hint-after-end", r"(#EXT-X-PRELOAD-HINT.*\n)", "\\1#EXT-X-ENDLIST\n"),
    ],
)
def test_each_violation_is_found(rule: str, pattern: str, becomes: str) -> None:
    text, edits = re.subn(pattern, becomes, stream.media("720p", PARTS))
    assert edits
    assert rule in {violation.rule for violation in check_media("x", parse_media(text))}


def test_a_short_last_part_of_a_segment_is_allowed() -> None:
    text = stream.media("720p", PARTS).replace(
        '#EXT-X-PART:DURATION=0.13333,URI="199.1.m4s"', '#EXT-X-PART:DURATION=0.03333,URI="199.1.m4s"'
    )
    assert "part-too-short" not in {violation.rule for violation in check_media("x", parse_media(text))}
