"""Reads of the programme: each answers in a fixed number of queries, however large the course is."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Prefetch, QuerySet

from amphitheatre.web.programme.domain.readiness import NEAR, missing
from amphitheatre.web.programme.models import Case, Course, Duty, Part, Session

_RECENT: Final = timedelta(days=3)  # a session lasts a day at most, and days are those of any zone


def published_courses() -> QuerySet[Course]:
    return Course.objects.exclude(published=None)


def published_course(slug: str) -> Course | None:
    """slug: whatever somebody has typed; PostgreSQL takes no NUL."""
    return published_courses().filter(slug=slug).first() if slug.isprintable() else None


class Named(NamedTuple):
    """Somebody who may be named, and what they do; latin_name: empty where it is the same."""

    part: Part
    name: str
    latin_name: str

    @property
    def both_names(self) -> str:
        return f"{self.name} ({self.latin_name})" if self.latin_name else self.name


def sessions_of(course: Course) -> list[Session]:
    """As everybody may see them, with their rooms, the course itself, who may be named (`named`), and `known_cases`:
    four queries. Of a case whose patient does not agree to be shown nothing is known but its position and technique.
    """
    return _shown(course, course.sessions.all())


def session_of(course: Course, key: int) -> Session | None:
    """As from `sessions_of`, with the phases and steps of what is shown in it."""
    phases = ("technique__phases__steps", "known_cases__technique__phases__steps")
    found = _shown(course, course.sessions.filter(pk=key), *phases)
    return found[0] if found else None


def _shown(course: Course, sessions: QuerySet[Session], *more: str) -> list[Session]:
    found = _with_cases(course, sessions, *more)
    people = _named(found)
    for session in found:
        session.named = people[session.pk]
        for case in session.known_cases:
            if case.consent is None:
                case.withhold()
    return found


def _with_cases(course: Course, sessions: QuerySet[Session], *more: str) -> list[Session]:
    """What sessions share is read once, and what they have is a plain list: a manager each costs more than its rows."""
    cases = Prefetch("cases", queryset=Case.objects.all(), to_attr="known_cases")
    found = list(sessions.prefetch_related("room", cases, *more))
    for session in found:
        session.course = course  # with its zone, read once
    return found


def _named(sessions: list[Session]) -> dict[int, list[Named]]:
    """By session; interpreters stand with their languages."""
    duties = Duty.objects.filter(session__in=sessions, person__named=True).exclude(part=Part.INTERPRETER)
    columns = ("session_id", "part", "person__name", "person__latin_name")
    found: dict[int, list[Named]] = defaultdict(list)
    for session, part, name, latin in duties.order_by("part", "first", "pk").values_list(*columns):
        found[session].append(Named(Part(part), name or latin, latin if name and latin != name else ""))
    return found


def missing_in(course: Course) -> list[tuple[Session, list[str]]]:
    """The sessions of a course that are not cancelled, and what each still lacks: five queries, and those of the rules
    that other apps have added. For those who may know of every case.
    """
    sessions = _with_cases(course, course.sessions.all())
    near = Session.objects.filter(day__range=(course.first_day - NEAR, course.last_day + NEAR))
    others = list(near.exclude(course=course).select_related("room", "course"))
    people = Duty.objects.filter(session__in=[*sessions, *others]).select_related("person")
    by_key = {one.pk: one for one in (*sessions, *others)}
    for duty in (duties := list(people)):
        duty.session = by_key[duty.session_id]
    found = missing(sessions, others, duties)
    return [(session, found[session.pk]) for session in sessions if session.pk in found]


def coming(now: datetime, room: str | None = None) -> dict[str, list[Session]]:
    """By the name of each room, or of that one, what is on or comes there, in order: three queries.

    Of published courses; where they plan nothing, of drafts.
    """
    recent = Session.objects.filter(cancelled=False, day__gte=(now - _RECENT).date()).exclude(room=None)
    asked = recent if room is None else recent.filter(room__slug=room)
    found: dict[str, list[Session]] = defaultdict(list)
    for session in asked.prefetch_related("course", "room"):
        if session.ends > now:
            found[session.room.slug].append(session)
    return {name: sorted(_known(there), key=lambda session: session.starts) for name, there in found.items()}


def _known(sessions: list[Session]) -> list[Session]:
    return [session for session in sessions if session.course.published is not None] or sessions


def next_in(room: str, now: datetime) -> Session | None:
    """What is on in the room of that name, or comes next there."""
    return next(iter(coming(now, room).get(room, ())), None)
