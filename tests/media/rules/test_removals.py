from decimal import Decimal

import pytest

from .media_playlist import MediaPlaylist, Part, Segment
from .removals import Removals

_PARTS = (Part("0.m4s", Decimal("0.5")),)


def _playlist(*segments: Segment) -> MediaPlaylist:
    return MediaPlaylist(target_duration=2, segments=list(segments), media_sequence=segments[0].msn)


def _segment(msn: int, parts: tuple[Part, ...] = (), *, gap: bool = False) -> Segment:
    return Segment(msn, f"{msn}.m4s", Decimal(2), parts, gap=gap)


def _noted(older: MediaPlaylist, newer: MediaPlaylist) -> Removals:
    removals = Removals()
    removals.note(older, newer, at=100.0)
    return removals


def test_a_part_has_to_stay_for_three_target_durations() -> None:
    removals = _noted(_playlist(_segment(5, _PARTS)), _playlist(_segment(5)))
    assert removals.due(104.7) == []
    [promise] = removals.due(105.0)
    assert (promise.uri, promise.source, promise.until) == ("0.m4s", "4.4.4.9", 106.0)


def test_a_segment_has_to_stay_for_its_own_and_the_playlists_duration() -> None:
    segments = [_segment(msn) for msn in range(5, 15)]
    removals = _noted(_playlist(*segments), _playlist(*segments[1:], _segment(15)))
    assert removals.due(117.5) == []
    [promise] = removals.due(118.0)
    assert (promise.uri, promise.source, promise.until) == ("5.m4s", "6.2.2", 122.0)


def test_each_is_looked_at_once() -> None:
    removals = _noted(_playlist(_segment(5, _PARTS)), _playlist(_segment(5)))
    assert removals.due(105.0)
    assert removals.due(105.0) == []


def test_one_who_comes_too_late_blames_nobody() -> None:
    assert _noted(_playlist(_segment(5, _PARTS)), _playlist(_segment(5))).due(106.0) == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        pytest.param(_segment(5, _PARTS), _segment(5, _PARTS), id="still listed"),
        pytest.param(_segment(5, gap=True), _segment(6), id="a gap was never there"),
        pytest.param(
            _segment(5, (Part("0.m4s", Decimal(2), gap=True),)), _segment(5), id="nor a part of one"
        ),
    ],
)
def test_what_is_not_promised(older: Segment, newer: Segment) -> None:
    assert _noted(_playlist(older), _playlist(newer)).due(105.0) == []
