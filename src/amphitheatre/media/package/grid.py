"""Where segments and parts begin: whole numbers of frames counted from the room's epoch.

Segment N of every rendition begins at N × segment duration; a part is a run of frames inside a segment.
"""

from typing import NamedTuple

import msgspec

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.playlist.entries import Constants
from amphitheatre.media.unit import AAC_FRAME, SOUND_RATE, VIDEO_RATE

_SEGMENT_SECONDS = {Profile.FASTEST: 1, Profile.FAST: 1, Profile.GLOBAL: 2}
_PART_SECONDS = {Profile.FAST: 0.2, Profile.GLOBAL: 0.5}
_FASTEST_FRAMES = 4
_HOLD_BACK_PARTS = 3  # RFC 8216bis, 4.4.3.8: PART-HOLD-BACK should be at least three part targets
# Sound is made 0.08 s later than pictures (three AAC frames: decoded, mixed, encoded); browsers stop when less than
# 0.1 s of it is buffered; and on any computer that does something else besides, a part comes a quarter of a second late
# now and then. With what a part takes on its way that is this many seconds.
_LEAST_HOLD_BACK = 0.57


class Place(NamedTuple):
    """Of one frame: its segment, its part in it, and whether it is the last of either."""

    segment: int
    part: int
    ends_part: bool
    ends_segment: bool


def segment_seconds(profile: Profile) -> int:
    return _SEGMENT_SECONDS[profile]


class VideoGrid(msgspec.Struct, frozen=True):
    """Grid of a view. fps: 25 or 30, so that a segment is a whole number of frames."""

    profile: Profile
    fps: int

    @property
    def ticks(self) -> int:
        """Of one frame, at 90 kHz."""
        return VIDEO_RATE // self.fps

    @property
    def segment_frames(self) -> int:
        return self.fps * segment_seconds(self.profile)

    @property
    def part_frames(self) -> int:
        if self.profile is Profile.FASTEST:
            return _FASTEST_FRAMES
        return int(_PART_SECONDS[self.profile] * self.fps)

    def place(self, frame: int) -> Place:
        segment, inside = divmod(frame, self.segment_frames)
        part, in_part = divmod(inside, self.part_frames)
        ends_segment = inside == self.segment_frames - 1
        return Place(segment, part, ends_segment or in_part == self.part_frames - 1, ends_segment)

    @property
    def parts_in_segment(self) -> int:
        return -(-self.segment_frames // self.part_frames)

    def first_of_segment(self, segment: int) -> int:
        return segment * self.segment_frames

    def seconds(self, frames: int) -> float:
        return frames / self.fps

    def frame_at(self, seconds: float) -> int:
        """The last frame that begins at or before that room time."""
        return int(seconds * self.fps)

    def constants(self) -> Constants:
        return _constants(self.profile, self.part_frames / self.fps)


class SoundGrid(msgspec.Struct, frozen=True):
    """Grid of every language: AAC frames of 1024 samples; a part has one frame more or less."""

    profile: Profile

    @property
    def ticks(self) -> int:
        return AAC_FRAME

    @property
    def _segment_samples(self) -> int:
        return SOUND_RATE * segment_seconds(self.profile)

    @property
    def _part_samples(self) -> int:
        if self.profile is Profile.FASTEST:
            return SOUND_RATE * _FASTEST_FRAMES // 30
        return int(SOUND_RATE * _PART_SECONDS[self.profile])

    def _segment_and_part(self, frame: int) -> tuple[int, int]:
        segment, inside = divmod(frame * AAC_FRAME, self._segment_samples)
        return segment, inside // self._part_samples

    def place(self, frame: int) -> Place:
        segment, part = self._segment_and_part(frame)
        next_segment, next_part = self._segment_and_part(frame + 1)
        ends_segment = next_segment != segment
        return Place(segment, part, ends_segment or next_part != part, ends_segment)

    @property
    def parts_in_segment(self) -> int:
        return -(-self._segment_samples // self._part_samples)

    def first_of_segment(self, segment: int) -> int:
        return -(-segment * self._segment_samples // AAC_FRAME)

    def seconds(self, frames: int) -> float:
        return frames * AAC_FRAME / SOUND_RATE

    def frame_at(self, seconds: float) -> int:
        """The last frame that begins at or before that room time."""
        return int(seconds * SOUND_RATE) // AAC_FRAME

    def constants(self) -> Constants:
        longest = -(-self._part_samples // AAC_FRAME)
        return _constants(self.profile, longest * AAC_FRAME / SOUND_RATE)


Grid = VideoGrid | SoundGrid


def _constants(profile: Profile, part_seconds: float) -> Constants:
    part_target = -(-part_seconds * 100_000 // 1) / 100_000
    seconds = segment_seconds(profile)
    return Constants(
        target_duration=seconds,
        part_target=part_target,
        part_hold_back=round(max(_HOLD_BACK_PARTS * part_target, _LEAST_HOLD_BACK), 5),
        hold_back=3.0 * seconds,
        skip_until=6.0 * seconds,
    )
