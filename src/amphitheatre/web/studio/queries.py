"""Reads of rooms: each answers in a fixed number of queries, however many rooms there are."""

from django.db.models import OuterRef, QuerySet, Subquery

from amphitheatre.contract.room_state import State
from amphitheatre.web.studio.domain.on_air import STATES, told_of
from amphitheatre.web.studio.models import Room


def rooms_with_states() -> QuerySet[Room]:
    """Each room carries `last_kind` and `last_at` of the newest event that changed its state."""
    newest = told_of(OuterRef("pk"))
    return Room.objects.annotate(
        last_kind=Subquery(newest.values("kind")[:1]), last_at=Subquery(newest.values("at")[:1])
    )


def rooms_with_sources() -> QuerySet[Room]:
    """All rooms with their states, views and languages: 3 queries."""
    return rooms_with_states().prefetch_related("views", "languages")


def state_of(room: Room) -> State:
    """State of a room from here, as media's events told it; waiting before the first."""
    return STATES.get(getattr(room, "last_kind", None) or "", State.WAITING)
