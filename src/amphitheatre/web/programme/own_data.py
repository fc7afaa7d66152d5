"""What the programme holds of a person (accounts.domain.own_data)."""

from typing import Any

from django.utils import timezone

from amphitheatre.web.accounts.models import User


def export(person: User) -> list[dict[str, Any]]:
    return [
        {
            "course": one.session.course.slug,
            "day": one.session.day,
            "part": one.part,
            "language": one.language,
        }
        for one in person.duties.select_related("session__course")
    ]


def forget(person: User) -> None:
    """Somebody else has to do what is still to come."""
    person.duties.filter(session__day__gte=timezone.now().date()).delete()
