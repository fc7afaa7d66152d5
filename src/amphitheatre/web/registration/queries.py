"""Reads of registrations: each answers in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration, State
from amphitheatre.web.ui.zones import zone


@dataclass(frozen=True)
class Figures:
    """How many take part in a course, and from where."""

    participants: int
    institutions: int
    countries: int
    continents: int


_COUNTED: Final = {
    "registered": Q(state__in=[state.value for state in HAVE_A_PLACE]),
    "attended": Q(state=State.ATTENDED.value),
}


def figures(course: Course, *kinds: str) -> dict[str, Figures]:
    """By `registered` (confirmed or attended) and `attended`, or of these `kinds` alone: one query."""
    counted = {kind: _COUNTED[kind] for kind in kinds or _COUNTED}
    columns = {
        "participants": "pk",
        "institutions": "institution",
        "countries": "institution__country",
        "continents": "institution__continent",
    }
    found = Registration.objects.filter(course=course).aggregate(
        **{
            f"{kind}_{name}": Count(column, filter=condition, distinct=True)
            for kind, condition in counted.items()
            for name, column in columns.items()
        }
    )
    return {kind: Figures(**{name: found[f"{kind}_{name}"] for name in columns}) for kind in counted}


def registrations_of(person: User) -> QuerySet[Registration]:
    """With their courses and institutions, newest course first: one query."""
    found = Registration.objects.filter(person=person).select_related("course", "institution")
    return found.order_by("-course__first_day", "pk")


def has_a_place(person: User, room: str) -> bool:
    """In a course that uses the room of that name."""
    return Registration.objects.filter(
        person=person, state__in=HAVE_A_PLACE, course__sessions__room__slug=room
    ).exists()


def rooms_of(person: User) -> set[str]:
    """The names of the rooms of all courses in which the person has a place."""
    held = Registration.objects.filter(person=person, state__in=HAVE_A_PLACE)
    return set(
        held.exclude(course__sessions__room=None).values_list("course__sessions__room__slug", flat=True)
    )


def zones_of(course: Course, continent: str | None = None) -> Counter[ZoneInfo]:
    """How many with a place live in which zone: their own, else their institution's. One query."""
    found = course.registrations.filter(state__in=HAVE_A_PLACE)
    if continent is not None:
        found = found.filter(institution__continent=continent)
    names = found.values_list("person__time_zone", "institution__time_zone")
    return Counter(known for own, home in names if (known := zone(own) or zone(home)))
