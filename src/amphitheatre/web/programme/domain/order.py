"""The order of a technique's phases, of a phase's steps, of a session's cases."""

from typing import Final

from django.db import transaction
from django.db.models import F

from amphitheatre.web.programme.models import Case, Phase, Step

_WITHIN: Final = {Phase: "technique", Step: "phase", Case: "session"}
_ASIDE: Final = 10_000  # beyond all positions, which are counted from 1


def put(record: Phase | Step | Case, position: int | None) -> None:
    """Saves it as the one that stands there, from 1; None: as the last. The others make room and leave no gap.

    The database lets no two stand in one place, not even for a moment: whoever moves steps aside first.
    """
    model, within = type(record), _WITHIN[type(record)]
    whole = getattr(record, within)
    with transaction.atomic():
        type(whole).objects.select_for_update().get(pk=whole.pk)  # two people move things one after the other
        all_there = model.objects.filter(**{within: whole}).order_by("position")
        order = [one for one in all_there if one.pk != record.pk]
        order.insert(len(order) if position is None else max(position - 1, 0), record)
        moved = []
        for place, one in enumerate(order, 1):
            if one.position != place and one is not record:
                moved.append(one)
            one.position = place
        all_there.filter(pk__in=[one.pk for one in (*moved, record)]).update(position=F("position") + _ASIDE)
        model.objects.bulk_update(moved, ["position"])
        record.save()
