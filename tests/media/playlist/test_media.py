import pytest

from amphitheatre.media.playlist.entries import Constants, PartEntry, Report, SegmentEntry
from amphitheatre.media.playlist.media import live, recorded, skippable

CONSTANTS = Constants(target_duration=1, part_target=0.5, part_hold_back=1.5, hold_back=3.0, skip_until=6.0)
EPOCH = 1_700_000_000.0


def segment(
    sequence: int, *, complete: bool = True, map_uri: str = "init.mp4", gap: bool = False
) -> SegmentEntry:
    parts = [PartEntry(f"{sequence}.{k}.m4s", 0.5, k == 0) for k in range(2 if complete else 1)]
    return SegmentEntry(
        sequence,
        f"{sequence}.m4s",
        EPOCH + sequence,
        tuple(parts),
        complete=complete,
        gap=gap,
        map_uri=map_uri,
    )


def test_a_live_playlist_line_by_line() -> None:
    text = live(CONSTANTS, [segment(7), segment(8, complete=False)], "8.1.m4s", [Report("../x.m3u8", 8, 0)])
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:1",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5,HOLD-BACK=3,CAN-SKIP-UNTIL=6",
        "#EXT-X-PART-INF:PART-TARGET=0.5",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:27.000Z",
        '#EXT-X-PART:DURATION=0.5,URI="7.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.5,URI="7.1.m4s"',
        "#EXTINF:1,",
        "7.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:28.000Z",
        '#EXT-X-PART:DURATION=0.5,URI="8.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="8.1.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="../x.m3u8",LAST-MSN=8,LAST-PART=0',
    ]


def test_parts_are_listed_of_the_last_three_target_durations_at_least() -> None:
    text = live(CONSTANTS, [segment(k) for k in range(10)], None, [])
    listed = {k for k in range(10) if f'URI="{k}.0.m4s"' in text}
    assert {7, 8, 9} <= listed
    assert not listed & set(range(6))
    assert text.count("#EXTINF") == 10


def test_a_new_map_stands_where_it_begins() -> None:
    text = live(CONSTANTS, [segment(0), segment(1, map_uri="b.mp4"), segment(2, map_uri="b.mp4")], None, [])
    assert text.count("#EXT-X-MAP") == 2
    assert text.index("\n0.m4s") < text.index('MAP:URI="b.mp4"') < text.index("\n1.m4s")


def test_a_delta_update_skips_and_names_a_map_only_if_it_changes_behind_the_skipped() -> None:
    segments = [segment(k) for k in range(10)]
    text = live(CONSTANTS, segments, None, [], skip=4)
    assert "#EXT-X-MEDIA-SEQUENCE:0\n" in text  # RFC 8216bis, 4.4.5.2: of the whole playlist
    assert "#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n" in text
    assert "\n3.m4s" not in text
    assert "\n4.m4s" in text
    assert "EXT-X-MAP" not in text
    segments[4:] = [segment(k, map_uri="b.mp4") for k in range(4, 10)]
    assert live(CONSTANTS, segments, None, [], skip=4).count("EXT-X-MAP") == 1


@pytest.mark.parametrize(("count", "skipped"), [(1, 0), (6, 0), (7, 1), (20, 14)])
def test_what_is_skipped_ends_before_the_skip_boundary(count: int, skipped: int) -> None:
    assert skippable(CONSTANTS, [segment(k) for k in range(count)]) == skipped


def test_after_the_end_there_are_neither_parts_nor_hints_nor_reports() -> None:
    text = live(CONSTANTS, [segment(1), segment(2)], "3.0.m4s", [Report("x", 1, 1)], ended=True)
    assert text.endswith("\n2.m4s\n#EXT-X-ENDLIST\n")
    assert not any(tag in text for tag in ("EXT-X-PART:", "PRELOAD-HINT", "RENDITION-REPORT"))


def test_a_recording_line_by_line() -> None:
    text = recorded(1, [segment(7), segment(8, gap=True)], ended=True)
    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:1",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-MEDIA-SEQUENCE:7",
        '#EXT-X-MAP:URI="init.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:27.000Z",
        "#EXTINF:1,",
        "7.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:28.000Z",
        "#EXT-X-GAP",
        "#EXTINF:1,",
        "8.m4s",
        "#EXT-X-ENDLIST",
    ]


def test_a_time_just_below_a_second_is_rounded_up_to_it() -> None:
    late = segment(0)._replace(starts=EPOCH + 0.9997)
    assert "22:13:21.000Z" in recorded(1, [late], ended=False)
