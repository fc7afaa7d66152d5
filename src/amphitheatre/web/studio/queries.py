"""Reads of rooms: each answers in a fixed number of queries, however many rooms there are."""

from django.db.models import OuterRef, QuerySet, Subquery

from amphitheatre.contract.event import EventKind
from amphitheatre.contract.room_state import State
from amphitheatre.web.studio.models import MediaEvent, Room

_STATES = {EventKind.ROOM_LIVE: State.LIVE, EventKind.ROOM_ENDED: State.ENDED}


def rooms_with_sources() -> QuerySet[Room]:
    """All rooms with their views and languages: 3 queries.

    Each room carries `last_kind` and `last_at` of the newest event that changed its state.
    """
    newest = MediaEvent.objects.filter(
        room=OuterRef("pk"), kind__in=[kind.value for kind in _STATES]
    ).order_by("-at", "-received")
    return Room.objects.annotate(
        last_kind=Subquery(newest.values("kind")[:1]), last_at=Subquery(newest.values("at")[:1])
    ).prefetch_related("views", "languages")


def state_of(room: Room) -> State:
    """State of a room from `rooms_with_sources`, as media's events told it; waiting before the first."""
    return _STATES.get(getattr(room, "last_kind", None) or "", State.WAITING)
