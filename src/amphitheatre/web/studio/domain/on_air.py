"""Telling the programme which of its rooms are on air."""

from typing import Final

from amphitheatre.contract.event import EventKind
from amphitheatre.web.programme.models import Room
from amphitheatre.web.studio.models import MediaEvent

KINDS: Final = frozenset({EventKind.ROOM_LIVE, EventKind.ROOM_ENDED})


def follow(name: str) -> None:
    """By the newest of media's events about the room of that name; they may come late and in any order."""
    told = MediaEvent.objects.filter(room=name, kind__in=[kind.value for kind in KINDS])
    newest = told.order_by("-at", "-received").first()
    live = newest is not None and newest.kind == EventKind.ROOM_LIVE.value
    Room.objects.filter(slug=name).update(live_since=newest.at if newest and live else None)
