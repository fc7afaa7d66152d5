"""A course's calendar over HTTP."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from amphitheatre.web.programme.calendar import calendar
from amphitheatre.web.programme.models import Course
from amphitheatre.web.programme.queries import sessions_of


def calendar_answer(request: HttpRequest, course: Course) -> HttpResponse:
    """text/calendar, in the reader's language; its entries lead to the course's page."""
    address = request.build_absolute_uri(reverse("course", args=[course.slug]))
    return HttpResponse(
        calendar(course, sessions_of(course), address),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{course.slug}.ics"'},
    )
