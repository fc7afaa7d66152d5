"""What media has kept of a room, and what can be done with it. All calls raise `media_control.MediaError`."""

import uuid
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.utils import timezone

from amphitheatre.contract.event import Event, EventKind
from amphitheatre.contract.room_state import TakeState
from amphitheatre.web.studio.domain.media_control import MediaAway, MediaFailed, NotThere, ask
from amphitheatre.web.studio.domain.media_events import keep
from amphitheatre.web.studio.domain.on_air import live_since

DELETION: Final = 60.0  # seconds; a day of recording is hundreds of thousands of files


def recordings(room: str) -> list[TakeState]:
    """All that is kept of a room, the newest first."""
    try:
        kept = msgspec.json.decode(ask("GET", f"/control/rooms/{room}/takes"), type=list[TakeState])
    except msgspec.DecodeError as e:
        raise MediaAway(f"its list is not understood: {e}") from e
    except NotThere as e:
        raise MediaAway("it has not heard of the room yet") from e
    return kept[::-1]


def recording(room: str, take: str) -> TakeState:
    """One of them. Raises NotThere."""
    found = next((one for one in recordings(room) if one.id == take), None)
    if found is None:
        raise NotThere(take)
    return found


def begin_export(room: str, take: str) -> None:
    """Have one MP4 made of it, unless that is under way or done."""
    ask("POST", f"/control/rooms/{room}/takes/{take}/export")


def delete(room: str, take: str) -> None:
    """Remove it for good, and make sure that it is gone."""
    ask("DELETE", f"/control/rooms/{room}/takes/{take}", timeout=DELETION)
    if any(one.id == take for one in recordings(room)):
        raise MediaFailed(f"{take} is still there")


def end_session(room: str) -> None:
    """The broadcast ends for everybody, its recording is finished.

    Media that lost its data in mid-broadcast knows of none and never tells its end: the room is over all the same.
    """
    asked, since = (
        timezone.now(),
        live_since(room),
    )  # an encoder that is back at once begins another one, after this
    ask("POST", f"/control/rooms/{room}/end")
    if since is not None:
        at = max(asked, since).isoformat()
        keep(Event(id=f"web-{uuid.uuid4().hex}", kind=EventKind.ROOM_ENDED, room=room, at=at))


def overdue(kept: list[TakeState], days: int | None, now: datetime) -> list[TakeState]:
    """Those that media deletes within minutes when the room's recordings are kept for so many days."""
    return [one for one in kept if (end := kept_until(one, days)) is not None and end <= now]


def kept_until(one: TakeState, days: int | None) -> datetime | None:
    """When media deletes a recording by itself; None: not while it is on air, or not at all."""
    if one.ended is None or days is None:
        return None
    return datetime.fromisoformat(one.ended) + timedelta(days=days)
