from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.package.grid import SoundGrid
from amphitheatre.media.package.rendition import LISTED, Rendition, Sibling
from tests.media.package.kept import EPOCH, Kept, feed, picture


def numbers(sink: Kept) -> list[tuple[int, int]]:
    return [(line.segment, line.part) for line, _ in sink.parts]


def test_it_begins_with_a_whole_segment() -> None:
    sink = Kept()
    rendition = picture(sink, first_segment=3)
    feed(rendition, 70, 80)
    assert numbers(sink) == [(3, 0)]
    assert rendition.dropped == 5
    assert rendition.next_part == (3, 1)


def test_a_source_that_comes_later_moves_the_beginning_to_a_later_segment() -> None:
    sink = Kept()
    rendition = picture(sink, first_segment=3)
    feed(rendition, 103, 130)
    assert numbers(sink) == [(5, 0)]
    assert rendition.window.segments[0].sequence == 5
    assert rendition.window.segments[0].starts == EPOCH + 5


def test_a_key_frame_inside_a_segment_is_no_beginning() -> None:
    sink = Kept()
    rendition = picture(sink)
    rendition.push(3, b"I", key=True)
    assert rendition.dropped == 1
    assert sink.parts == []


def test_a_late_frame_is_dropped_and_counted() -> None:
    sink = Kept()
    rendition = picture(sink)
    feed(rendition, 0, 7)
    rendition.push(6, b"again", key=True)
    feed(rendition, 7, 10)
    assert rendition.dropped == 1
    assert not any(b"again" in data for _, data in sink.parts)


def test_a_part_is_kept_before_it_is_announced() -> None:
    seen: list[tuple[int, int]] = []

    class Watching(Kept):
        def append(self, line: object, data: bytes) -> None:
            seen.append(rendition.next_part)

    rendition = picture(Watching())
    feed(rendition, 0, 10)
    assert seen == [(0, 0), (0, 1)]


def test_a_hole_is_filled_with_the_last_idr_frame_until_a_new_key_frame() -> None:
    sink = Kept()
    rendition = picture(sink)
    feed(rendition, 0, 10)
    rendition.push(15, b"P15", key=False)  # it refers to frames that never came
    assert rendition.dropped == 1
    rendition.hold(15)
    rendition.push(15, b"P15", key=False)
    assert rendition.dropped == 2
    rendition.push(20, b"I20", key=True)
    feed(rendition, 21, 25)
    assert numbers(sink) == [(0, k) for k in range(5)]
    held = [line.held for line, _ in sink.parts]
    assert held == [False, False, True, True, False]
    for line, data in sink.parts[2:4]:
        assert data[line.key_offset : line.key_offset + line.key_size] == b"I0"
    assert b"P15" not in b"".join(data for _, data in sink.parts)
    assert rendition.parts_held == 2


def test_a_key_frame_behind_a_hole_fills_it_at_once() -> None:
    sink = Kept()
    rendition = picture(sink)
    feed(rendition, 0, 7)
    rendition.push(12, b"I12", key=True)
    assert numbers(sink) == [(0, 0), (0, 1)]
    feed(rendition, 13, 15)
    line, data = sink.parts[2]
    assert (line.part, line.held) == (2, True)
    assert data.endswith(b"I0I12P13P14")


def test_a_hole_in_a_sound_is_filled_with_silence() -> None:
    sink = Kept()
    grid = SoundGrid(Profile.FAST)
    rendition = Rendition(grid, 0, lambda at: at, sink, b"init", silence=b"<hush>")
    rendition.push(0, b"a", key=True)
    rendition.push(20, b"z", key=True)
    assert sink.parts[0][1].endswith(b"a" + b"<hush>" * (sink.parts[0][0].ticks // grid.ticks - 1))
    assert rendition.dropped == 0


def test_where_a_part_begins_with_an_idr_frame_its_line_says_where_that_lies() -> None:
    sink = Kept()
    feed(picture(sink), 0, 10)
    (first, data), (second, _) = sink.parts
    assert data[first.key_offset : first.key_offset + first.key_size] == b"I0"
    assert second.key_size == 0


def test_a_delta_playlist_leaves_out_what_lies_beyond_the_skip_boundary() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 25 * 10)
    whole, delta = rendition.playlist(delta=False), rendition.playlist(delta=True)
    assert "#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n" in delta
    assert "EXT-X-SKIP" not in whole
    assert whole.endswith(delta[delta.index("#EXT-X-PROGRAM-DATE-TIME") :])


def test_a_short_playlist_is_never_cut() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 25 * 6)
    assert rendition.playlist(delta=True) == rendition.playlist(delta=False)


def test_the_playlist_is_bounded() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 25 * (LISTED + 5))
    text = rendition.playlist(delta=False)
    assert text.count("#EXTINF") == LISTED
    assert "#EXT-X-MEDIA-SEQUENCE:5\n" in text


def test_it_hints_at_the_next_part_and_reports_on_its_siblings() -> None:
    rendition, sibling = picture(Kept()), picture(Kept())
    rendition.siblings = [Sibling("../480p/media.m3u8", sibling)]
    feed(rendition, 0, 30)
    assert "RENDITION-REPORT" not in rendition.playlist(delta=False)
    feed(sibling, 0, 25)
    text = rendition.playlist(delta=False)
    assert '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="1.1.m4s"\n' in text
    assert '#EXT-X-RENDITION-REPORT:URI="../480p/media.m3u8",LAST-MSN=0,LAST-PART=4\n' in text


def test_it_goes_on_behind_what_is_on_disk() -> None:
    sink = Kept()
    feed(picture(sink), 0, 35)
    again = Kept()
    rendition = picture(again)
    rendition.resume(sink.parts)
    assert rendition.next_part == (1, 2)
    assert rendition.window.segment(0) == b"".join(data for _, data in sink.parts[:5])
    rendition.push(45, b"I45", key=True)
    feed(rendition, 46, 50)
    assert numbers(again) == [(1, 2), (1, 3), (1, 4)]
    line, data = again.parts[0]
    assert data[line.key_offset : line.key_offset + line.key_size] == b"I25"
    assert again.parts[0][0].start == sink.parts[-1][0].start + sink.parts[-1][0].ticks


def test_after_a_whole_segment_it_goes_on_with_the_next() -> None:
    sink = Kept()
    feed(picture(sink), 0, 25)
    again = Kept()
    rendition = picture(again)
    rendition.resume(sink.parts)
    assert rendition.next_part == (1, 0)
    feed(rendition, 25, 30)
    assert numbers(again) == [(1, 0)]


def test_after_a_restart_a_frame_that_needs_another_is_dropped() -> None:
    sink = Kept()
    feed(picture(sink), 0, 10)
    rendition = picture(Kept())
    rendition.resume(sink.parts)
    rendition.push(10, b"P10", key=False)
    assert rendition.dropped == 1


def test_new_parameter_sets_give_a_new_map_from_the_next_part_on() -> None:
    sink = Kept()
    rendition = picture(sink)
    feed(rendition, 0, 25)
    rendition.change_format(b"other")
    feed(rendition, 25, 50)
    assert sink.inits == {"init.mp4": b"init", "init-1.mp4": b"other"}
    assert [line.map_uri for line, _ in sink.parts] == ["init.mp4"] * 5 + ["init-1.mp4"] * 5
    text = rendition.playlist(delta=False)
    assert text.index('MAP:URI="init.mp4"') < text.index("0.m4s") < text.index('MAP:URI="init-1.mp4"')


def test_parameter_sets_that_are_known_already_need_no_new_map() -> None:
    sink = Kept()
    rendition = picture(sink)
    rendition.change_format(b"init")
    rendition.change_format(b"other")
    rendition.change_format(b"init")
    feed(rendition, 0, 5)
    assert list(sink.inits) == ["init.mp4", "init-1.mp4"]
    assert sink.parts[0][0].map_uri == "init.mp4"


def test_what_was_made_of_the_playlist_is_forgotten_with_each_part() -> None:
    rendition = picture(Kept())
    rendition.made["whole"] = b"old"
    feed(rendition, 0, 4)
    assert rendition.made
    feed(rendition, 4, 5)
    assert not rendition.made


def test_the_end_lists_whole_segments_and_no_hint() -> None:
    rendition = picture(Kept())
    feed(rendition, 0, 25)
    rendition.end()
    text = rendition.playlist(delta=False)
    assert text.endswith("0.m4s\n#EXT-X-ENDLIST\n")
    assert "PRELOAD-HINT" not in text
    assert "EXT-X-PART:" not in text
