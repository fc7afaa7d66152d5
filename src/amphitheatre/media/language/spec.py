"""What the languages of a room are to be: plain descriptions, which the origin keeps without loading a codec."""

from typing import Final

import msgspec

from amphitheatre.media.clock import RoomClock

BITRATE: Final = 64_000  # bits/s of AAC-LC: speech in stereo


class MixSpec(msgspec.Struct, frozen=True, kw_only=True):
    """tags: every language of the room. floor_source: which source the floor is heard from.

    start: room time in samples from which on the tracks run.
    """

    tags: list[str]
    floor: str
    floor_source: str
    start: int
    clock: RoomClock
