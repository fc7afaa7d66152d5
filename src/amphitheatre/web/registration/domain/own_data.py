"""What registrations hold of a person (accounts.domain.own_data)."""

from typing import Any

from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.models import State


def export(person: User) -> list[dict[str, Any]]:
    return [
        {
            "course": one.course.slug,
            "institution": one.institution.slug,
            "state": one.state,
            "mode": one.mode,
            "asked": one.asked,
            "history": list(one.history.values("before", "after", "at")),
        }
        for one in person.registrations.select_related("course", "institution")
    ]


def forget(person: User) -> None:
    """Gives up places in what is still to come. Past courses keep a pseudonym, so that their figures stay true."""
    to_come = person.registrations.filter(course__last_day__gte=timezone.now().date())
    for registration in to_come.exclude(state__in=[State.CANCELLED, State.ATTENDED]):
        places.cancel(registration, person)
    person.uploads.all().delete()
