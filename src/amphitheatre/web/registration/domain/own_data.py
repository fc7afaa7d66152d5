"""What registrations hold of a person (accounts.domain.own_data)."""

from typing import Any

from amphitheatre.web.accounts.models import User
from amphitheatre.web.registration.domain import places


def export(person: User) -> list[dict[str, Any]]:
    """What people were told of their parts is what the programme holds of them."""
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
    for registration in person.registrations.select_related("course"):
        if places.can_be_cancelled(registration):
            places.cancel(registration, None)
    person.uploads.all().delete()
    person.parts_told.all().delete()
