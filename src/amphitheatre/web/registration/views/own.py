"""A person's own page: the courses they are in, what comes next, and one button when it is live."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from amphitheatre.web.programme.on_air import OnAir, on_air
from amphitheatre.web.programme.queries import sessions_of
from amphitheatre.web.programme.timetable import Day, timetable
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration
from amphitheatre.web.registration.queries import registrations_of
from amphitheatre.web.registration.rules import acts_for_any
from amphitheatre.web.ui.times import own_zone


@dataclass(frozen=True)
class OwnCourse:
    """live: to be joined now. coming: what is still to come, for those who have a place."""

    registration: Registration
    live: list[OnAir]
    coming: list[Day]


@login_required
@never_cache
def own_page(request: HttpRequest) -> HttpResponse:
    own, now = own_zone(request), timezone.now()
    courses = [_course(one, own, now) for one in registrations_of(request.user)]
    context = {"courses": courses, "acts": acts_for_any(request.user)}
    return render(request, "registration/own.html", context)


def _course(registration: Registration, own: tzinfo | None, now: datetime) -> OwnCourse:
    if registration.state not in HAVE_A_PLACE:
        return OwnCourse(registration, [], [])
    sessions = sessions_of(registration.course)
    coming = [session for session in sessions if session.ends > now]
    return OwnCourse(registration, on_air(sessions, now), timetable(registration.course, coming, own, now))
