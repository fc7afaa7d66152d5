"""Reads of the alliance: each answers in a fixed number of queries."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from amphitheatre.web.alliance.models import Membership, Place
from amphitheatre.web.ui.zones import zone

_ORDER = {Place.CHAIR: 0, Place.VICE_CHAIR: 1, Place.PARTNER: 3, Place.OBSERVER: 4}
_AMONG_MEMBERS = 2


def members(on: date) -> QuerySet[Membership]:
    """With their institutions, as of that day: the chair first, then as they joined: one query.

    Each institution once: where a membership that is to end and the one after it overlap, the later one counts.
    """
    rank = Case(
        *(When(place=place, then=Value(rank)) for place, rank in _ORDER.items()),
        default=Value(_AMONG_MEMBERS),
        output_field=IntegerField(),
    )
    present = Membership.objects.filter(Q(left=None) | Q(left__gt=on), joined__lte=on)
    later = present.filter(institution=OuterRef("institution")).order_by("-joined", "-pk")
    found = present.filter(pk=Subquery(later.values("pk")[:1]))
    return found.select_related("institution").order_by(rank, "joined", "institution__slug")


def zones_of_members(on: date, continent: str | None = None) -> Counter[ZoneInfo]:
    """How many institutions of the alliance, as of that day, are in which zone. One query."""
    found = members(on)
    if continent is not None:
        found = found.filter(institution__continent=continent)
    names = found.values_list("institution__time_zone", flat=True)
    return Counter(known for name in names if (known := zone(name)))
