"""What the programme holds of a person (accounts.domain.own_data)."""

from typing import Any

from django.utils import timezone

from amphitheatre.web.accounts.models import User


def export(person: User) -> dict[str, list[dict[str, Any]]]:
    duties = person.duties.select_related("session__course")
    brought = person.materials.select_related("session__course")
    return {
        "parts": [
            {
                "course": one.session.course.slug,
                "day": one.session.day,
                "part": one.part,
                "language": one.language,
            }
            for one in duties
        ],
        "slides and articles": [
            {"course": one.session.course.slug, "title": one.title, "brought": one.brought} for one in brought
        ],
    }


def forget(person: User) -> None:
    """Somebody else has to do what is still to come; what was brought belongs to its session."""
    person.duties.filter(session__day__gte=timezone.now().date()).delete()
    person.materials.update(by=None)
