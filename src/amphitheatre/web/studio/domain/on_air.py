"""Which rooms are on air, by what media has told; telling the programme of its own."""

from datetime import datetime
from typing import Final

from django.db.models import OuterRef, QuerySet

from amphitheatre.contract.event import EventKind
from amphitheatre.contract.room_state import State
from amphitheatre.web.programme.models import Room
from amphitheatre.web.studio.models import MediaEvent

STATES: Final = {EventKind.ROOM_LIVE: State.LIVE, EventKind.ROOM_ENDED: State.ENDED}
"""How it is with a room since an event of that kind."""


def told_of(room: str | OuterRef) -> QuerySet[MediaEvent]:
    """What says how it is with the room of that name; the newest, first here, counts. They come late, in any order."""
    told = MediaEvent.objects.filter(room=room, kind__in=[kind.value for kind in STATES])
    return told.order_by("-at", "-received")


def live_since(name: str) -> datetime | None:
    newest = told_of(name).first()
    return newest.at if newest is not None and newest.kind == EventKind.ROOM_LIVE else None


def was_live(name: str) -> bool:
    """Whether the room of that name has ever been."""
    return MediaEvent.objects.filter(room=name, kind=EventKind.ROOM_LIVE.value).exists()


def follow(name: str) -> None:
    """Tell the programme how it is with its room of that name."""
    Room.objects.filter(slug=name).update(live_since=live_since(name))
