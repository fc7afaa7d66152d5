import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.errors import RuleBroken
from amphitheatre.media.package.grid import SoundGrid, VideoGrid
from amphitheatre.media.package.held import HeldPicture, HeldSound
from amphitheatre.media.package.segmenter import Segmenter
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE

VIDEO = VideoGrid(Profile.FAST, 25)  # parts of 5 frames, segments of 25
SOUND = SoundGrid(Profile.FAST)


def held() -> HeldPicture:
    picture = HeldPicture(())
    picture.found(b"idr")
    return picture


def test_a_part_is_closed_by_its_own_last_frame() -> None:
    segmenter = Segmenter(VIDEO, 25)
    got = [segmenter.push(25 + k, b"%d" % k, key=k == 0) for k in range(5)]
    assert got[:4] == [None] * 4
    part = got[4]
    assert part is not None
    assert (part.segment, part.number, part.last, part.held) == (1, 0, False, False)
    assert (part.start, part.ticks) == (25 * VIDEO.ticks, 5 * VIDEO.ticks)
    assert [sample.data for sample in part.samples] == [b"0", b"1", b"2", b"3", b"4"]
    assert part.independent


def test_the_last_part_of_a_segment_says_so() -> None:
    segmenter = Segmenter(VIDEO, 0)
    parts = [part for k in range(50) if (part := segmenter.push(k, b"x", key=k % 25 == 0))]
    assert [(part.segment, part.number) for part in parts if part.last] == [(0, 4), (1, 4)]
    assert [part.independent for part in parts] == [True, *[False] * 4] * 2


@pytest.mark.parametrize("wrong", [2, 4])
def test_a_frame_that_is_not_due_breaks_the_rule(wrong: int) -> None:
    segmenter = Segmenter(VIDEO, 3)
    with pytest.raises(RuleBroken, match=f"frame {wrong} where 3"):
        segmenter.push(wrong, b"x", key=True)
    assert segmenter.next_frame == 3


def test_holding_a_picture_fills_each_part_with_one_long_sample() -> None:
    segmenter = Segmenter(VIDEO, 0)
    segmenter.push(0, b"idr", key=True)
    segmenter.push(1, b"p", key=False)
    first, second, third = segmenter.hold(15, held())
    assert [sample.duration // VIDEO.ticks for sample in first.samples] == [1, 1, 3]
    assert [sample.duration // VIDEO.ticks for sample in second.samples] == [5]
    assert all(part.held and part.ticks == 5 * VIDEO.ticks for part in (first, second, third))
    assert second.start == first.start + first.ticks
    assert second.independent


def test_a_part_after_a_held_one_is_not_held() -> None:
    segmenter = Segmenter(VIDEO, 0)
    assert [part.held for part in segmenter.hold(5, held())] == [True]
    parts = [part for k in range(5, 10) if (part := segmenter.push(k, b"x", key=k == 5))]
    assert [part.held for part in parts] == [False]


def test_holding_inside_a_part_leaves_it_open() -> None:
    segmenter = Segmenter(VIDEO, 0)
    assert list(segmenter.hold(3, held())) == []
    assert segmenter.next_frame == 3
    segmenter.push(3, b"a", key=True)
    part = segmenter.push(4, b"b", key=False)
    assert part is not None
    assert part.held
    assert part.ticks == 5 * VIDEO.ticks


def test_holding_what_has_passed_does_nothing() -> None:
    segmenter = Segmenter(VIDEO, 10)
    assert list(segmenter.hold(10, held())) == []
    assert segmenter.next_frame == 10


def test_held_sound_repeats_frame_by_frame() -> None:
    segmenter = Segmenter(SOUND, 0)
    part = next(segmenter.hold(20, HeldSound(b"silence")))
    assert {sample.duration for sample in part.samples} == {AAC_FRAME}
    assert part.ticks == len(part.samples) * AAC_FRAME
    assert abs(part.ticks - SOUND_RATE // 5) < AAC_FRAME
