import pytest

from amphitheatre.media.package.window import Window
from amphitheatre.media.playlist.entries import PartEntry


@pytest.fixture
def window() -> Window:
    return Window(3)


def add(window: Window, sequence: int, index: int, *, last: bool = False) -> None:
    part = PartEntry(f"{sequence}.{index}.m4s", 0.5, index == 0)
    data = b"%d.%d " % (sequence, index)
    window.add(sequence, float(sequence), part, data, last=last, map_uri="init.mp4")


def fill(window: Window, upto: int) -> None:
    for sequence in range(upto):
        add(window, sequence, 0)
        add(window, sequence, 1, last=True)


def test_a_segment_grows_with_its_parts_and_is_whole_with_the_last(window: Window) -> None:
    add(window, 7, 0)
    assert [(s.sequence, len(s.parts), s.complete) for s in window.segments] == [(7, 1, False)]
    assert window.segment(7) is None
    assert window.part(7, 0) == b"7.0 "
    add(window, 7, 1, last=True)
    assert [(s.sequence, s.duration, s.complete) for s in window.segments] == [(7, 1.0, True)]
    assert window.segment(7) == b"7.0 7.1 "


def test_it_lists_the_newest_and_keeps_what_a_playlist_still_in_use_may_list(window: Window) -> None:
    fill(window, 12)
    assert [s.sequence for s in window.segments] == [9, 10, 11]
    assert window.segment(4) == b"4.0 4.1 "
    assert window.segment(3) is None
    assert window.part(3, 0) is None


@pytest.mark.parametrize("index", [-1, 2])
def test_there_is_no_part_before_the_first_or_behind_the_last(window: Window, index: int) -> None:
    fill(window, 1)
    assert window.part(0, index) is None


def test_what_lies_before_the_beginning_is_listed_no_more(window: Window) -> None:
    fill(window, 3)
    window.forget_before(2)
    assert [s.sequence for s in window.segments] == [2]


def test_nor_is_the_rest_of_a_segment_that_had_begun_before_the_beginning(window: Window) -> None:
    add(window, 7, 0)
    window.forget_before(8)
    add(window, 7, 1, last=True)
    assert window.segments == []
    add(window, 8, 0)
    assert [(s.sequence, len(s.parts)) for s in window.segments] == [(8, 1)]
    assert window.part(8, 0) == b"8.0 "
