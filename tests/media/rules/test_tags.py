"""The parsers are strict: what players would trip over is refused."""

import re

import pytest

from . import sample_stream as stream
from .media_playlist import parse_media
from .multivariant import parse_multivariant
from .tags import PlaylistSyntaxError, attributes, decimal, integer

GOOD = stream.media("720p", 401)


def test_numbers_of_a_good_playlist() -> None:
    playlist = parse_media(GOOD)
    assert (playlist.media_sequence, playlist.next_msn, playlist.next_part) == (155, 200, (200, 1))
    assert playlist.last == (200, 0)
    assert parse_media(stream.media("720p", 400)).last == (199, 1)
    assert parse_media(stream.media("720p", 400)).next_part == (200, 0)


@pytest.mark.parametrize(
    ("pattern", "becomes"),
    [
        ("^#EXTM3U", "# EXTM3U"),
        ("^", "\ufeff"),
        (r"\n$", ""),
        (r"#EXTINF.*\n(199)", r"\1"),
        (r"\n199\.m4s", ""),
        (r"\n199\.m4s", "\n 199.m4s"),
        (r"(EXTINF:[\d.]+),\n199", "\\1\n199"),
        ("#EXT-X-TARGETDURATION:1", "#EXT-X-TARGETDURATION:1.0"),
        ("#EXT-X-VERSION:9", "#EXT-X-VERSION:9\n#EXT-X-VERSION:9"),
        ("DURATION=0.13333", "DURATION=-0.13333"),
        (r'DURATION=[\d.]+,URI="199\.0', 'URI="199.0'),
        ("INDEPENDENT=YES", "INDEPENDENT=yes"),
        ("#EXT-X-PART-INF", "#EXT-X-PART-INFO"),
        (r"\+00:00", ""),
        ("#EXT-X-PRELOAD", "#EXT-X-MEDIA-SEQUENCE:3\n#EXT-X-PRELOAD"),
        ('URI="../fr', 'URI=../fr"'),
    ],
)
def test_broken_media_playlists_are_refused(pattern: str, becomes: str) -> None:
    text, edits = re.subn(pattern, becomes, GOOD, count=1)
    assert edits
    with pytest.raises((PlaylistSyntaxError, ValueError)):
        parse_media(text)


@pytest.mark.parametrize(
    ("pattern", "becomes"),
    [
        ("720p/media.m3u8\n", ""),
        ("#EXT-X-STREAM-INF.*\n(240p)", r"\1"),
        ("BANDWIDTH=900000", "BANDWIDTH=9e5"),
        ('GROUP-ID="voice",', ""),
        ("#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-TARGETDURATION:1"),
    ],
)
def test_broken_multivariant_playlists_are_refused(pattern: str, becomes: str) -> None:
    text, edits = re.subn(pattern, becomes, stream.multivariant(), count=1)
    assert edits
    with pytest.raises(PlaylistSyntaxError):
        parse_multivariant(text)


def test_attribute_lists() -> None:
    assert attributes('A=1,B="x, y=z",C=1x2') == {"A": "1", "B": "x, y=z", "C": "1x2"}
    for wrong in ("a=1", "A", 'A="x', "A=1,A=2", "A=1 ,B=2"):
        with pytest.raises(PlaylistSyntaxError):
            attributes(wrong)
    for wrong in ("1e3", "-1", ".5", "1."):
        with pytest.raises(PlaylistSyntaxError):
            decimal(wrong)
    with pytest.raises(PlaylistSyntaxError):
        integer("1.0")
