"""Reads of registrations: each answers in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation
from amphitheatre.web.programme.models import Course, Duty, Session
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration, State
from amphitheatre.web.ui.zones import zone

_AROUND: Final = 2  # days before and after a session; a day is one of any zone


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
    """In a course that uses the room of that name, or a part in a session there."""
    return (
        Registration.objects.filter(
            person=person, state__in=HAVE_A_PLACE, course__sessions__room__slug=room
        ).exists()
        or _open_to(person).filter(session__room__slug=room).exists()
    )


def rooms_of(person: User) -> set[str]:
    """The names of the rooms of all courses in which the person has a place, and of sessions with a part of theirs."""
    held = Registration.objects.filter(person=person, state__in=HAVE_A_PLACE)
    places = held.exclude(course__sessions__room=None).values_list("course__sessions__room__slug", flat=True)
    parts = _open_to(person).exclude(session__room=None).values_list("session__room__slug", flat=True)
    return {*places, *parts}


def parts_in(person: User, room: str) -> set[str]:
    """What the person does in sessions of about now in the room of that name; see `programme.models.Part`."""
    return set(_open_to(person).filter(session__room__slug=room).values_list("part", flat=True))


def _open_to(person: User) -> QuerySet[Duty]:
    """Parts that let somebody into the session's room: from the day before until the day after."""
    today = timezone.now().date()
    near = (today - timedelta(days=_AROUND), today + timedelta(days=_AROUND))
    return person.duties.filter(session__cancelled=False, session__day__range=near).exclude(
        session__course__published=None
    )


def coordinators(institutions: Iterable[int] | QuerySet[Any]) -> dict[int, str]:
    """Whom people of these institutions (keys) ask: "Aminata Traoré (aminata@…), …" by institution. One query."""
    acting = Affiliation.objects.filter(
        Affiliation.current(), coordinator=True, person__is_active=True, institution__in=institutions
    )
    found: dict[int, list[str]] = {}
    for one in acting.select_related("person").order_by("since", "pk"):
        name, address = one.person.name, one.person.email
        found.setdefault(one.institution_id, []).append(f"{name} ({address})" if name else address)
    return {institution: ", ".join(people) for institution, people in found.items()}


def is_meant_for(session: Session, registration: Registration) -> bool:
    """Whether the person is of its audience."""
    return _is_in(session.audience, registration)


def was_meant_for(session: Session, registration: Registration) -> bool:
    """By what people were last told of it."""
    return session.told is not None and _is_in(session.told.get("audience", session.audience), registration)


def _is_in(audience: str, registration: Registration) -> bool:
    return audience in ("", registration.institution.continent)


def duties_of(person: User) -> list[Duty]:
    """The person's parts in published courses, in the order of time: one query."""
    found = person.duties.exclude(session__course__published=None)
    return sorted(found.select_related("session__course", "session__room"), key=lambda duty: duty.starts)


def zones_of(course: Course, continent: str | None = None) -> Counter[ZoneInfo]:
    """How many with a place live in which zone: their own, else their institution's. One query."""
    found = course.registrations.filter(state__in=HAVE_A_PLACE)
    if continent is not None:
        found = found.filter(institution__continent=continent)
    names = found.values_list("person__time_zone", "institution__time_zone")
    return Counter(known for own, home in names if (known := zone(own) or zone(home)))
