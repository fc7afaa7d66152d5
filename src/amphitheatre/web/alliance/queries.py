"""Reads of the alliance: each answers in a fixed number of queries."""

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from amphitheatre.web.alliance.models import Membership, Place

_ORDER = {Place.CHAIR: 0, Place.VICE_CHAIR: 1, Place.PARTNER: 3, Place.OBSERVER: 4}
_AMONG_MEMBERS = 2


def members(on: date) -> QuerySet[Membership]:
    """With their institutions, as of that day: the chair first, then as they joined: one query."""
    rank = Case(
        *(When(place=place, then=Value(rank)) for place, rank in _ORDER.items()),
        default=Value(_AMONG_MEMBERS),
        output_field=IntegerField(),
    )
    found = Membership.objects.filter(Q(left=None) | Q(left__gt=on), joined__lte=on)
    return found.select_related("institution").order_by(rank, "joined", "institution__slug")
