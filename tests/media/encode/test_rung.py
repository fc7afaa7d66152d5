import pytest

from amphitheatre.media.encode.ladder import Ladder
from amphitheatre.media.encode.rung import ladder
from amphitheatre.media.encode.spec import LadderSpec, RungSize
from tests.media.coded import SIZE, frame, pictures

SMALL = RungSize("24p", 32, 24, 120_000)


def sizes(width: int, height: int, top: int = 1080) -> list[tuple[str, int, int]]:
    return [(rung.name, rung.width, rung.height) for rung in ladder(width, height, top, [720, 480, 240])]


def test_a_ladder_goes_down_from_the_top() -> None:
    assert sizes(1920, 1080) == [
        ("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480), ("240p", 426, 240),
    ]  # fmt: skip


def test_a_large_source_is_scaled_to_the_top() -> None:
    assert sizes(3840, 2160, top=720)[0] == ("720p", 1280, 720)


@pytest.mark.parametrize(("width", "height"), [(640, 360), (720, 576), (320, 240), (100, 76)])
def test_no_rung_is_larger_than_the_source(width: int, height: int) -> None:
    found = sizes(width, height)
    assert found[0] == (f"{height}p", width, height)
    assert all(h < height for _, _, h in found[1:])


def test_sizes_are_even_and_peaks_fall() -> None:
    rungs = ladder(1279, 717, 1080, [480, 241])
    assert all(rung.width % 2 == 0 and rung.height % 2 == 0 for rung in rungs)
    peaks = [rung.bitrate for rung in rungs]
    assert peaks == sorted(peaks, reverse=True)


def test_an_idr_frame_begins_each_segment_and_nothing_comes_late() -> None:
    form, coded = pictures(20, 60)
    assert [p.dts // 3600 for p in coded] == list(range(20, 80))
    assert [p.dts // 3600 for p in coded if p.key] == [20, 25, 50, 75]
    assert all(p.key == (p.data[4] & 0x1F == 5) for p in coded)
    assert (form.width, form.height, form.fps) == (64, 48, 25)


def test_all_rungs_show_the_same_places_and_a_hole_shows_the_frame_before() -> None:
    ladder_ = Ladder(LadderSpec([SIZE, SMALL], 25, 25))
    got = [p for at in (1.0, 1.04, 1.16) for p in ladder_.put(frame(90), at)]
    for rung in ("48p", "24p"):
        assert [p.dts // 3600 for p in got if p.rung == rung] == [25, 26, 27, 28, 29]
    assert ladder_.grid.repeated == 2


def test_a_forced_key_frame_is_one_of_every_rung() -> None:
    ladder_ = Ladder(LadderSpec([SIZE, SMALL], 25, 25))
    list(ladder_.put(frame(90), 1.0))
    assert not any(p.key for p in ladder_.put(frame(91), 1.04))
    ladder_.force_key()
    assert [p.key for p in ladder_.put(frame(92), 1.08)] == [True, True]
