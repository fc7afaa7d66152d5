import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.package.grid import Grid, Place, SoundGrid, VideoGrid, segment_seconds
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE, VIDEO_RATE

VIDEO = [VideoGrid(profile, fps) for profile in Profile for fps in (25, 30)]
SOUND = [SoundGrid(profile) for profile in Profile]
GRIDS = [*VIDEO, *SOUND]
SEGMENTS = 300


def parts(grid: Grid) -> list[tuple[int, Place]]:
    """Of the first 300 segments: (frames, place of its last frame)."""
    found, frames = [], 0
    for frame in range(grid.first_of_segment(SEGMENTS)):
        frames += 1
        place = grid.place(frame)
        if place.ends_part:
            found.append((frames, place))
            frames = 0
    return found


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_no_part_is_longer_than_the_target_nor_shorter_than_85_percent_of_it(grid: Grid) -> None:
    # RFC 8216bis, 4.4.3.7 and 4.4.4.9: the last part of a segment alone may be short.
    target = grid.constants().part_target
    for frames, place in parts(grid):
        assert grid.seconds(frames) <= target
        assert place.ends_segment or grid.seconds(frames) >= 0.85 * target, place


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_parts_and_segments_are_numbered_without_a_hole(grid: Grid) -> None:
    due = (0, 0)
    for _, place in parts(grid):
        assert (place.segment, place.part) == due
        assert place.part < grid.parts_in_segment
        due = (place.segment + 1, 0) if place.ends_segment else (place.segment, place.part + 1)
    assert due == (SEGMENTS, 0)


@pytest.mark.parametrize("grid", VIDEO, ids=str)
def test_a_segment_of_pictures_begins_at_its_number_times_its_duration(grid: VideoGrid) -> None:
    for segment in (0, 1, 7, 86_399):
        first = grid.first_of_segment(segment)
        assert first * grid.ticks == segment * segment_seconds(grid.profile) * VIDEO_RATE
        assert grid.place(first)[:2] == (segment, 0)
        if segment:
            assert grid.place(first - 1).ends_segment


@pytest.mark.parametrize("grid", SOUND, ids=str)
def test_a_segment_of_sound_begins_within_one_aac_frame_of_its_number_times_its_duration(
    grid: SoundGrid,
) -> None:
    for segment in range(SEGMENTS):
        first = grid.first_of_segment(segment)
        late = first * AAC_FRAME - segment * segment_seconds(grid.profile) * SOUND_RATE
        assert 0 <= late < AAC_FRAME
        assert grid.place(first)[:2] == (segment, 0)
        if segment:
            assert grid.place(first - 1).ends_segment


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_the_frame_at_a_time_has_begun_and_the_next_one_has_not(grid: Grid) -> None:
    for seconds in (0.0, 0.0399, 1.0, 59.987):
        frame = grid.frame_at(seconds)
        assert grid.seconds(frame) <= seconds < grid.seconds(frame + 1)


@pytest.mark.parametrize("grid", GRIDS, ids=str)
def test_constants_keep_the_distances_that_the_standard_asks_for(grid: Grid) -> None:
    constants = grid.constants()
    assert constants.part_hold_back >= 3 * constants.part_target - 1e-9  # RFC 8216bis, 4.4.3.8
    assert constants.hold_back >= 3 * constants.target_duration
    assert constants.skip_until >= 6 * constants.target_duration
    assert constants.target_duration == segment_seconds(grid.profile)


def test_the_profiles_differ_as_their_names_promise() -> None:
    lengths = [
        VideoGrid(p, 30).constants().part_target for p in (Profile.FASTEST, Profile.FAST, Profile.GLOBAL)
    ]
    assert lengths == pytest.approx([4 / 30, 0.2, 0.5], abs=1e-5)
