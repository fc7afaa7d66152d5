from pathlib import Path

import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.record.replay import begin, begin_of, media_playlist, segments
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.store.track_folder import PartLine, TrackFolder
from amphitheatre.media.unit import PictureFormat, SoundFormat

EPOCH = 1_700_000_000.0
RATE = 100
PICTURE = PictureFormat("480p", b"", 640, 480, 25, 1)
SOUND = SoundFormat("fr", b"", 1, b"")


def record(path: Path, *numbers: int, map_uri: str = "init.mp4", parts: int = 2) -> None:
    """Segments of one second in two parts; with `parts` 1 the last part is missing."""
    folder = TrackFolder(path)
    for segment in numbers:
        for part in range(parts):
            at = segment * RATE + part * RATE // 2
            line = PartLine(
                segment=segment, part=part, offset=0, size=1, start=at, ticks=RATE // 2, last=part == 1,
                map_uri=map_uri,
            )  # fmt: skip
            folder.append(segment, b"x", line)
    folder.close()


@pytest.fixture
def take(tmp_path: Path) -> Take:
    info = TakeInfo(
        epoch=EPOCH, began=EPOCH, profile=Profile.FAST, pictures={"main": [PICTURE]}, sounds={"fr": SOUND}
    )
    return Take(tmp_path / "takes" / "one", info)


def test_segments_that_are_not_whole_are_left_out(tmp_path: Path) -> None:
    record(tmp_path, 3, 4)
    record(tmp_path, 5, parts=1)
    found = segments(tmp_path, RATE, EPOCH)
    assert [(s.sequence, s.uri, s.duration, s.starts) for s in found] == [
        (3, "3.m4s", 1.0, EPOCH + 3),
        (4, "4.m4s", 1.0, EPOCH + 4),
    ]


def test_missing_segments_are_gaps_that_keep_the_times_true(tmp_path: Path) -> None:
    record(tmp_path, 3)
    record(tmp_path, 4, parts=1)  # the disk was full
    record(tmp_path, 6)
    found = segments(tmp_path, RATE, EPOCH)
    assert [(s.sequence, s.gap, s.starts, s.duration) for s in found] == [
        (3, False, EPOCH + 3, 1.0),
        (4, True, EPOCH + 4, 1.0),
        (5, True, EPOCH + 5, 1.0),
        (6, False, EPOCH + 6, 1.0),
    ]


def test_all_tracks_begin_with_the_first_segment_that_every_one_has(take: Take) -> None:
    record(take.picture_folder("main", "480p"), 5, 6, 7)
    record(take.sound_folder("fr"), 3, 4, 5, 6, 7)
    assert begin(take) == 5
    text = media_playlist(take.sound_folder("fr"), RATE, take, begin(take), 1)
    assert "#EXT-X-MEDIA-SEQUENCE:5\n" in text
    assert "4.m4s" not in text


def test_a_camera_that_comes_much_later_cuts_nothing_off(take: Take) -> None:
    take.info.pictures["late"] = [PICTURE]
    take.info.pictures["soon"] = [PICTURE]
    record(take.sound_folder("fr"), *range(3, 60))
    record(take.picture_folder("main", "480p"), *range(4, 60))
    record(take.picture_folder("soon", "480p"), *range(7, 60))
    record(take.picture_folder("late", "480p"), *range(40, 60))
    assert begin(take) == 7
    assert [begin_of(take, view) for view in ("main", "soon", "late")] == [7, 7, 40]


def test_a_view_of_which_nothing_is_there_yet_is_not_waited_for(take: Take) -> None:
    take.info.pictures["coming"] = [PICTURE]
    record(take.sound_folder("fr"), 5, 6)
    record(take.picture_folder("main", "480p"), 5, 6)
    assert [begin(take), begin_of(take, "coming")] == [5, 5]


def test_of_nothing_there_is_a_playlist_without_segments(take: Take) -> None:
    assert begin(take) == 0
    assert "m4s" not in media_playlist(take.sound_folder("fr"), RATE, take, 0, 1)


def test_it_grows_while_the_room_is_live_and_is_closed_when_it_has_ended(take: Take) -> None:
    path = take.picture_folder("main", "480p")
    record(path, 1)
    live = media_playlist(path, RATE, take, 1, 1)
    assert "#EXT-X-PLAYLIST-TYPE:EVENT\n" in live
    assert "ENDLIST" not in live
    take.info.ended = EPOCH + 2
    ended = media_playlist(path, RATE, take, 1, 1)
    assert "#EXT-X-PLAYLIST-TYPE:VOD\n" in ended
    assert ended.endswith("#EXT-X-ENDLIST\n")


def test_a_gap_is_told_and_a_new_map_named(take: Take) -> None:
    path = take.picture_folder("main", "480p")
    record(path, 1)
    record(path, 3, map_uri="init-1.mp4")
    text = media_playlist(path, RATE, take, 1, 1)
    assert "#EXT-X-GAP\n#EXTINF:1,\n2.m4s\n" in text
    assert text.count("#EXT-X-GAP") == 1
    assert text.index("2.m4s") < text.index('#EXT-X-MAP:URI="init-1.mp4"') < text.index("3.m4s")
