"""What happened in a room, told by media to web; at least once, so `id` lets web drop a repeat."""

from enum import StrEnum

import msgspec


class EventKind(StrEnum):
    ROOM_LIVE = "room.live"
    ROOM_ENDED = "room.ended"
    SOURCE_LIVE = "source.live"
    SOURCE_LOST = "source.lost"
    SOURCE_REFUSED = "source.refused"
    RECORDING_STOPPED = "recording.stopped"
    ARCHIVE_STALLED = "archive.stalled"
    ARCHIVE_RESUMED = "archive.resumed"
    PRESENCE = "presence"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event. at is RFC 3339 in UTC; source is ``views/{id}`` or ``languages/{tag}``."""

    id: str
    kind: EventKind
    room: str
    at: str
    source: str | None = None
    detail: dict[str, str | int | float] = {}
