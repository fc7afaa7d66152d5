from collections.abc import Iterator
from pathlib import Path

import pytest

from amphitheatre.media.store.track_folder import INDEX, PartLine, TrackFolder, lines, tail


def line(segment: int, part: int, data: bytes, *, last: bool = False, key: bytes = b"") -> PartLine:
    """As a rendition makes it: places counted from the part's own beginning."""
    return PartLine(
        segment=segment,
        part=part,
        offset=0,
        size=len(data),
        start=segment * 100 + part * 50,
        ticks=50,
        last=last,
        key_offset=data.index(key) if key else 0,
        key_size=len(key),
    )


def write(folder: TrackFolder, segment: int, part: int, *, last: bool = False) -> None:
    data = b"<%d.%d IDR>" % (segment, part)
    folder.append(segment, data, line(segment, part, data, last=last, key=b"IDR" if part == 0 else b""))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[TrackFolder]:
    folder = TrackFolder(tmp_path / "main" / "480p")
    for segment in (7, 8, 9):
        write(folder, segment, 0)
        write(folder, segment, 1, last=True)
    yield folder
    folder.close()


def test_the_index_names_each_part_and_where_it_lies(folder: TrackFolder) -> None:
    found = list(lines(folder.path))
    assert [(x.segment, x.part, x.last) for x in found] == [(s, p, p == 1) for s in (7, 8, 9) for p in (0, 1)]
    for x in found:
        data = (folder.path / f"{x.segment}.m4s").read_bytes()
        assert data[x.offset : x.offset + x.size] == b"<%d.%d IDR>" % (x.segment, x.part)


def test_a_segment_s_file_is_its_parts_and_nothing_else(folder: TrackFolder) -> None:
    assert (folder.path / "8.m4s").read_bytes() == b"<8.0 IDR><8.1 IDR>"


def test_the_span_of_a_key_frame_is_counted_from_the_file_s_beginning(folder: TrackFolder) -> None:
    write(folder, 9, 2)
    data = b"..KEY.."
    folder.append(9, data, line(9, 3, data, key=b"KEY"))
    x = list(lines(folder.path))[-1]
    assert (folder.path / "9.m4s").read_bytes()[x.key_offset : x.key_offset + x.key_size] == b"KEY"


def test_opened_again_it_goes_on_behind_what_is_there(folder: TrackFolder) -> None:
    folder.close()
    again = TrackFolder(folder.path)
    write(again, 9, 2)
    again.close()
    x = list(lines(folder.path))[-1]
    assert (x.segment, x.part, x.offset) == (9, 2, len(b"<9.0 IDR><9.1 IDR>"))


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_torn_last_line_is_left_out(folder: TrackFolder, cut: int) -> None:
    index = folder.path / INDEX
    whole = index.read_bytes()
    index.write_bytes(whole[:-cut])
    assert [(x.segment, x.part) for x in lines(folder.path)][-1] == (9, 0)


def test_a_torn_line_takes_nothing_with_it_that_is_written_later(folder: TrackFolder) -> None:
    index = folder.path / INDEX
    index.write_bytes(index.read_bytes() + b'{"s":9,"p":')
    again = TrackFolder(folder.path)
    write(again, 9, 2)
    write(again, 10, 0)
    again.close()
    assert [(x.segment, x.part) for x in lines(folder.path)][-3:] == [(9, 1), (9, 2), (10, 0)]


def test_half_a_part_is_cut_off_before_the_segment_goes_on(folder: TrackFolder) -> None:
    segment = folder.path / "9.m4s"
    segment.write_bytes(segment.read_bytes() + b"<9.2 I")
    again = TrackFolder(folder.path)
    write(again, 9, 2)
    again.close()
    assert segment.read_bytes() == b"<9.0 IDR><9.1 IDR><9.2 IDR>"


def test_there_is_nothing_where_nothing_was_written(tmp_path: Path) -> None:
    assert list(lines(tmp_path)) == []
    assert tail(tmp_path, 3) == []


def test_the_tail_gives_the_bytes_and_the_span_of_key_frames_in_them(folder: TrackFolder) -> None:
    kept = tail(folder.path, 2)
    assert [(x.segment, x.part) for x, _ in kept] == [(8, 0), (8, 1), (9, 0), (9, 1)]
    for x, data in kept:
        assert data == b"<%d.%d IDR>" % (x.segment, x.part)
        expected = b"IDR" if x.part == 0 else b""
        assert data[x.key_offset : x.key_offset + x.key_size] == expected


def test_an_initialisation_segment_is_replaced_whole(folder: TrackFolder) -> None:
    folder.write_init("init.mp4", b"first")
    folder.write_init("init.mp4", b"second")
    assert (folder.path / "init.mp4").read_bytes() == b"second"
    assert not list(folder.path.glob(".*"))


def test_a_removed_segment_is_gone_and_removing_it_again_does_no_harm(folder: TrackFolder) -> None:
    folder.remove_segment(7)
    folder.remove_segment(7)
    assert not (folder.path / "7.m4s").exists()
    assert (folder.path / "8.m4s").exists()
