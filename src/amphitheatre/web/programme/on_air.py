"""What of a course is on air now, and which session that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from amphitheatre.web.programme.models import Room, Session

_NEAR: Final = timedelta(hours=6)  # operations begin late and take longer


@dataclass(frozen=True)
class OnAir:
    """session: the one planned for now, else the nearest in time; None when none is near."""

    room: Room
    session: Session | None


def on_air(sessions: Iterable[Session], now: datetime) -> list[OnAir]:
    """The rooms of these sessions that are on air."""
    rooms: dict[Room, list[Session]] = {}
    for session in sessions:
        if session.room is not None and session.room.live_since is not None:
            rooms.setdefault(session.room, []).append(session)
    return [OnAir(room, _nearest(planned, now)) for room, planned in rooms.items()]


def _nearest(sessions: list[Session], now: datetime) -> Session | None:
    planned = [(_distance(session, now), session) for session in sessions if not session.cancelled]
    distance, session = min(planned, key=lambda found: found[0], default=(_NEAR, None))
    return session if distance < _NEAR else None


def _distance(session: Session, now: datetime) -> timedelta:
    """Zero while it is planned to run."""
    return max(session.starts - now, now - session.ends, timedelta())
