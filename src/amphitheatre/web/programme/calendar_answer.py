"""Calendars over HTTP."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from amphitheatre.web.programme.calendar import calendar
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.programme.queries import sessions_of
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.language import asked, current_tag


def course_calendar(request: HttpRequest, course: Course) -> HttpResponse:
    """In the language that its address asks for, else in the reader's."""
    with asked(request):
        return calendar_answer(
            request,
            reverse("course", args=[course.slug]),
            shown(course, "title").text,
            sessions_of(course),
            course.slug,
        )


def calendar_answer(
    request: HttpRequest,
    path: str,
    name: str,
    sessions: Iterable[Session],
    file: str,
    parts: Mapping[int, list[str]] = MappingProxyType({}),
) -> HttpResponse:
    """text/calendar, in the active language; its entries lead to their own pages. path: of what it is the calendar.

    parts: what the reader does in sessions, by key.
    """

    def page(session: Session) -> str:
        return request.build_absolute_uri(reverse("session", args=[session.course.slug, session.pk]))

    return HttpResponse(
        calendar(name, request.build_absolute_uri(path), sessions, page, parts),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'inline; filename="{file}.ics"',
            "Content-Language": current_tag(),
        },
    )
