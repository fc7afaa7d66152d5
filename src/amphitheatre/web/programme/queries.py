"""Reads of the programme: each answers in a fixed number of queries, however large the course is."""

from django.db.models import Prefetch, QuerySet

from amphitheatre.web.programme.domain.readiness import NEAR, missing
from amphitheatre.web.programme.models import Case, Course, Duty, Part, Session


def published_courses() -> QuerySet[Course]:
    return Course.objects.exclude(published=None)


def sessions_of(course: Course) -> list[Session]:
    """With their rooms, techniques, cases, the course itself, and who may be named (`named_duties`): three queries."""
    found = list(_with_people(course.sessions.all()))
    for session in found:
        session.course = course  # with its zone, read once
    return found


def _with_people(sessions: QuerySet[Session]) -> QuerySet[Session]:
    named = Duty.objects.filter(person__named=True).exclude(part=Part.INTERPRETER).select_related("person")
    people = Prefetch("duties", queryset=named, to_attr="named_duties")
    cases = Prefetch("cases", queryset=Case.objects.select_related("technique"))
    return sessions.select_related("room", "technique").prefetch_related(people, cases)


def session_of(course: Course, key: int) -> Session | None:
    """As from `sessions_of`, with the phases and steps of what is shown in it."""
    phases = ("technique__phases__steps", "cases__technique__phases__steps")
    found = _with_people(course.sessions.filter(pk=key)).prefetch_related(*phases).first()
    if found is not None:
        found.course = course
    return found


def missing_in(course: Course) -> list[tuple[Session, list[str]]]:
    """The sessions of a course that are not cancelled, and what each still lacks: five queries."""
    sessions = sessions_of(course)
    near = Session.objects.filter(day__range=(course.first_day - NEAR, course.last_day + NEAR))
    others = list(near.exclude(course=course).select_related("room", "course"))
    people = Duty.objects.filter(session__in=[*sessions, *others]).select_related("person")
    by_key = {one.pk: one for one in (*sessions, *others)}
    for duty in (duties := list(people)):
        duty.session = by_key[duty.session_id]
    found = missing(sessions, others, duties)
    return [(session, found[session.pk]) for session in sessions if session.pk in found]
