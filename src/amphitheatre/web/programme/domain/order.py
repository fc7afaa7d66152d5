"""The order of a technique's phases, of a phase's steps, of a session's cases."""

from itertools import count
from typing import Any, Final

from django.db import transaction

from amphitheatre.web.programme.models import Case, Phase, Step

_WITHIN: Final = {Phase: "technique", Step: "phase", Case: "session"}


def put(record: Phase | Step | Case, position: int | None) -> None:
    """Saves it as the one that stands there, from 1; None, or beyond the others: as the last. The others make room and
    leave no gap.

    The database lets no two stand in one place, not even for a moment: whoever moves first steps aside, to where nobody
    stood nor will stand.
    """
    model, within = type(record), _WITHIN[type(record)]
    whole = getattr(record, within)
    with transaction.atomic():
        type(whole).objects.select_for_update().get(pk=whole.pk)  # two people move things one after the other
        there = list(model.objects.filter(**{within: whole}).order_by("position"))
        order = [one.pk for one in there if one.pk != record.pk]
        order.insert(len(order) if position is None else min(max(position - 1, 0), len(order)), record.pk)
        places = {key: place for place, key in enumerate(order, 1)}
        taken = {one.position for one in there}
        aside = (place for place in count(len(order) + 1) if place not in taken)
        moved = [one for one in there if one.position != places[one.pk]]
        _place(moved, {one.pk: next(aside) for one in moved})
        _place(moved, places)
        record.position = places[record.pk]
        record.save()


def _place(records: list[Any], places: dict[int, int]) -> None:
    """places: by key."""
    for one in records:
        one.position = places[one.pk]
    if records:
        type(records[0]).objects.bulk_update(records, ["position"])
