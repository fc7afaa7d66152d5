"""The multivariant playlist: by itself and against figures measured in the bytes."""

import re
from fractions import Fraction

import pytest

from . import sample_stream as stream
from .initialisation import read_initialisation
from .multivariant import parse_multivariant
from .multivariant_rules import Measured, check_measured, check_multivariant
from .sample_bytes import sound_init, video_init

RATES = frozenset([Fraction(30)])


def test_the_sample_keeps_every_rule() -> None:
    assert check_multivariant("x", parse_multivariant(stream.multivariant()), stream.LANGUAGES) == []


@pytest.mark.parametrize(
    ("rule", "pattern", "becomes"),
    [
        ("no-variants", "#EXT-X-STREAM-INF.*\n.*\n", ""),
        ("no-codecs", ',CODECS="[^"]*"', ""),
        ("no-resolution", ",RESOLUTION=320x240", ""),
        ("no-resolution", ",FRAME-RATE=30.000", ""),
        ("average-over-peak", "(BANDWIDTH=900000)", "\\1,AVERAGE-BANDWIDTH=900001"),
        ("default-not-autoselect", "DEFAULT=YES,AUTOSELECT=YES", "DEFAULT=YES,AUTOSELECT=NO"),
        ("no-channels", ',CHANNELS="2"', ""),
        ("no-such-group", '(30.000),AUDIO="voice"', '\\1,AUDIO="other"'),
        ("variant-without-group", '(30.000),AUDIO="voice"', "\\1"),
        ("groups-differ", 'GROUP-ID="voice",NAME="fr', 'GROUP-ID="second",NAME="fr'),
        ("defaults", "DEFAULT=YES", "DEFAULT=NO"),
        ("defaults", "DEFAULT=NO", "DEFAULT=YES"),
        ("names-repeat", "français", "中文"),
        ("bandwidth-repeats", "BANDWIDTH=899999", "BANDWIDTH=900000"),
        ("not-independent", "#EXT-X-INDEPENDENT-SEGMENTS\n", ""),
        ("language-missing", 'LANGUAGE="fr"', 'LANGUAGE="en"'),
        ("language-misnamed", "français", "French"),
        ("language-misnamed", "français", "Audio 1"),
    ],
)
def test_each_violation_is_found(rule: str, pattern: str, becomes: str) -> None:
    text, edits = re.subn(pattern, becomes, stream.multivariant())
    assert edits
    found = check_multivariant("x", parse_multivariant(text), stream.LANGUAGES)
    assert rule in {violation.rule for violation in found}


def _measured(video: Measured) -> list[str]:
    sound = Measured(read_initialisation(sound_init()), 100_000)
    figures = {"720p/media.m3u8": video, "fr/media.m3u8": sound}
    playlist = parse_multivariant(stream.multivariant())
    return [violation.rule for violation in check_measured("x", playlist, figures, lambda uri: uri)]


def test_true_promises_are_accepted() -> None:
    assert _measured(Measured(read_initialisation(video_init()), 800_000, RATES)) == []


def test_a_peak_over_bandwidth_is_found_with_the_sound_added() -> None:
    assert _measured(Measured(read_initialisation(video_init()), 800_001, RATES)) == ["bandwidth-untrue"]


def test_untrue_resolution_frame_rate_and_codecs_are_found() -> None:
    start = read_initialisation(video_init(640, 480))
    assert _measured(Measured(start, 1, RATES)) == ["resolution-untrue"]
    start = read_initialisation(video_init())
    assert _measured(Measured(start, 1, frozenset([Fraction(25)]))) == ["frame-rate-untrue"]
    high = read_initialisation(video_init().replace(bytes.fromhex("0142C01EFF"), bytes.fromhex("0164001FFF")))
    assert _measured(Measured(high, 1, RATES)) == ["codecs-untrue"]
