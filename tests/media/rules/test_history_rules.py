"""Two playlists of one rendition: what may not change between them, and the delta update between them."""

import re

import pytest

from . import sample_stream as stream
from .delta import DeltaError, reconstruct
from .delta_rules import check_delta
from .history_rules import check_history
from .media_playlist import parse_media

OLDER, NEWER = 401, 402


@pytest.mark.parametrize("rendition", ["720p", "zh-Hans"])
@pytest.mark.parametrize("further", [*range(8), 60])  # of the last one the hinted part is no more listed
def test_the_sample_keeps_every_rule(rendition: str, further: int) -> None:
    older = parse_media(stream.media(rendition, OLDER))
    newer = parse_media(stream.media(rendition, OLDER + further))
    assert check_history("x", older, newer) == []


@pytest.mark.parametrize(
    ("rule", "pattern", "becomes"),
    [
        ("constant-changed", "TARGETDURATION:1", "TARGETDURATION:2"),
        ("constant-changed", "PART-TARGET=0.13334", "PART-TARGET=0.2"),
        ("constant-changed", "PART-HOLD-BACK=0.5", "PART-HOLD-BACK=0.6"),
        ("sequence-backwards", r"MEDIA-SEQUENCE:\d+", "MEDIA-SEQUENCE:3"),
        ("segment-changed", r"\n180\.m4s", "\n180b.m4s"),
        ("segment-changed", r"EXTINF:0\.26667,\n170", "EXTINF:0.26668,\n170"),
        ("part-changed", r'"199\.0\.m4s"', '"199.0b.m4s"'),
        ("part-changed", r"(#EXTINF.*\n199)", '#EXT-X-PART:DURATION=0.1,URI="more"\n\\1'),
        ("hint-broken", r'"200\.1\.m4s"', '"200.1b.m4s"'),
        ("discontinuity-miscounted", "(#EXT-X-MEDIA-SEQ)", "#EXT-X-DISCONTINUITY-SEQUENCE:1\n\\1"),
    ],
)
def test_each_violation_is_found(rule: str, pattern: str, becomes: str) -> None:
    older = parse_media(stream.media("720p", OLDER))
    text, edits = re.subn(pattern, becomes, stream.media("720p", NEWER))
    assert edits
    assert rule in {violation.rule for violation in check_history("x", older, parse_media(text))}


def test_an_end_that_moves_back_is_found() -> None:
    older, newer = (parse_media(stream.media("720p", parts)) for parts in (NEWER + 2, OLDER))
    assert {"playlist-went-back", "segment-vanished"} <= {v.rule for v in check_history("x", older, newer)}


def test_a_playlist_cut_too_short_is_found() -> None:
    older = parse_media(stream.media("720p", OLDER))
    newer = parse_media(stream.media("720p", NEWER))
    newer.media_sequence, newer.segments = 196, newer.segments[-5:]
    assert "playlist-too-short" in {violation.rule for violation in check_history("x", older, newer)}


def test_a_removed_discontinuity_is_counted() -> None:
    older = parse_media(
        stream.media("720p", OLDER).replace("#EXT-X-PROG", "#EXT-X-DISCONTINUITY\n#EXT-X-PROG", 1)
    )
    newer = parse_media(stream.media("720p", NEWER + 2))
    assert "discontinuity-miscounted" in {violation.rule for violation in check_history("x", older, newer)}
    newer.discontinuity_sequence = 1
    assert check_history("x", older, newer) == []


def test_a_delta_update_stands_for_the_full_playlist() -> None:
    older, full = (parse_media(stream.media("720p", parts)) for parts in (OLDER, NEWER))
    delta = parse_media(stream.media("720p", NEWER, skip=True))
    assert delta.skipped
    rebuilt = reconstruct(older, delta)
    assert rebuilt.all_segments == full.all_segments
    assert check_delta("x", older, delta, full) == []


@pytest.mark.parametrize(
    ("rule", "pattern", "becomes"),
    [
        ("version-too-low", "VERSION:9", "VERSION:8"),
        ("skipped-too-much", "CAN-SKIP-UNTIL=6.0", "CAN-SKIP-UNTIL=9.0"),
        ("skip-not-offered", "CAN-SKIP-UNTIL=6.0,", ""),
        ("delta-unusable", r"MEDIA-SEQUENCE:\d+", "MEDIA-SEQUENCE:150"),
        ("delta-differs", r"SKIPPED-SEGMENTS=\d+", "SKIPPED-SEGMENTS=20"),
        ("delta-differs", r"\n198\.m4s", "\n198b.m4s"),
        ("delta-differs", r'PART,URI="', 'PART,URI="x'),
    ],
)
def test_each_wrong_delta_is_found(rule: str, pattern: str, becomes: str) -> None:
    older, full = (parse_media(stream.media("720p", parts)) for parts in (OLDER, NEWER))
    text, edits = re.subn(pattern, becomes, stream.media("720p", NEWER, skip=True))
    assert edits
    assert rule in {violation.rule for violation in check_delta("x", older, parse_media(text), full)}


def test_a_delta_over_segments_never_seen_is_refused() -> None:
    with pytest.raises(DeltaError, match="never published"):
        reconstruct(parse_media(stream.media("720p", 3)), parse_media(stream.media("720p", 400, skip=True)))
