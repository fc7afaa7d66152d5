"""Which rooms are on air, by what media has told; telling the programme of its own."""

from datetime import datetime
from typing import Final

from amphitheatre.contract.event import EventKind
from amphitheatre.web.programme.models import Room
from amphitheatre.web.studio.models import MediaEvent

KINDS: Final = frozenset({EventKind.ROOM_LIVE, EventKind.ROOM_ENDED})


def live_since(name: str) -> datetime | None:
    """By the newest of media's events about the room of that name; they may come late and in any order."""
    told = MediaEvent.objects.filter(room=name, kind__in=[kind.value for kind in KINDS])
    newest = told.order_by("-at", "-received").first()
    return newest.at if newest is not None and newest.kind == EventKind.ROOM_LIVE.value else None


def follow(name: str) -> None:
    """Tell the programme how it is with its room of that name."""
    Room.objects.filter(slug=name).update(live_since=live_since(name))
