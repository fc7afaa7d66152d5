"""What web tells media about a room: its views, languages, latency profile and recording.

A plan is a whole: media takes the newest one and drops the one before. Text for people is a
mapping from language tag (BCP 47) to text.
"""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
LanguageTag = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$")]
# 10 to 79 characters is what SRT allows for a passphrase; the same key serves RTMP and WHIP.
StreamKey = Annotated[str, msgspec.Meta(min_length=16, max_length=79, pattern=r"^[A-Za-z0-9_-]+$")]
Texts = dict[str, str]
MOST_VIEWS: Final = 4  # of a room


class Profile(StrEnum):
    """Latency profile; frozen for the life of a room (RFC 8216bis, section 4.4.3)."""

    FASTEST = "fastest"  # parts of 4 frames (about 0.133 s), segments of 1 s
    FAST = "fast"  # parts of 0.2 s, segments of 1 s
    GLOBAL = "global"  # parts of 0.5 s, segments of 2 s


class PullSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture that media fetches itself: an rtsp://, http(s):// or HLS address, or a file path.

    A file is played in real time, from the start again at its end when `loop` is set.
    """

    url: str
    loop: bool = False

    @property
    def is_file(self) -> bool:
        return "://" not in self.url or self.url.startswith("file://")


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One camera picture of the room. Without `pull` it waits for an encoder that knows `key`."""

    id: Identifier
    label: Texts
    key: StreamKey
    pull: PullSource | None = None


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One sound track. `label` is the language's name in itself; `key` admits a pushed voice."""

    tag: LanguageTag
    label: str
    interpreted: bool
    key: StreamKey


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether the room is kept, and for how long after its end (days; None: until deleted)."""

    enabled: bool = True
    retention_days: int | None = 30


class RoomPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A room as web wants it.

    views[0] carries the floor's sound unless a sound is pushed to the floor language's own key.
    guard_delay is in seconds. ladder_heights are the encoded rungs below the top one, in lines.
    """

    id: Identifier
    title: Texts
    views: Annotated[list[View], msgspec.Meta(min_length=1, max_length=MOST_VIEWS)]
    languages: Annotated[list[Language], msgspec.Meta(min_length=1, max_length=12)]
    floor: LanguageTag
    profile: Profile = Profile.FAST
    ladder_heights: list[int] = msgspec.field(default_factory=lambda: [480, 240])
    top_height: int = 1080
    guard_delay: float = 0.0
    recording: Recording = Recording()
