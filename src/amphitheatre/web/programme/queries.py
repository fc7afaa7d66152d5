"""Reads of the programme: each answers in a fixed number of queries, however large the course is."""

from django.db.models import QuerySet

from amphitheatre.web.programme.models import Course, Session


def published_courses() -> QuerySet[Course]:
    return Course.objects.exclude(published=None)


def sessions_of(course: Course) -> list[Session]:
    """With their rooms, techniques and the course itself: one query."""
    found = list(course.sessions.select_related("room", "technique"))
    for session in found:
        session.course = course  # with its zone, read once
    return found
