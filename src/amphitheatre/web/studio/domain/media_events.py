"""Keeping what media tells."""

from datetime import datetime

from django.db import transaction

from amphitheatre.contract.event import Event
from amphitheatre.web.studio.domain import on_air, plan_changes
from amphitheatre.web.studio.models import MediaEvent


class InvalidEvent(Exception):
    """The event is well-formed, but one of its values makes no sense."""


@transaction.atomic
def keep(event: Event) -> bool:
    """Store an event unless its id is known; True when it is new. Raises InvalidEvent.

    What follows from it is done with it or not at all: then media tells it again.
    """
    try:
        at = datetime.fromisoformat(event.at)
    except ValueError as e:
        raise InvalidEvent(f"at={event.at!r} is no RFC 3339 time") from e
    if at.tzinfo is None:
        raise InvalidEvent(f"at={event.at!r} names no time zone")
    if not 0 < len(event.id) <= 64 or len(event.room) > 64 or len(event.source or "") > 80:
        raise InvalidEvent("id, room or source is too long, or there is no id")
    _, new = MediaEvent.objects.get_or_create(
        id=event.id,
        defaults={
            "kind": event.kind.value,
            "room": event.room,
            "source": event.source or "",
            "at": at,
            "detail": event.detail,
        },
    )
    if new and event.kind in on_air.STATES:
        on_air.follow(event.room)
        transaction.on_commit(plan_changes.announce)  # what the room had to wait with while it was live
    return new
