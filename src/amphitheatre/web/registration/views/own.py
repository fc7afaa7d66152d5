"""A person's own page: the courses they are in, what comes next, one button when it is live; and their calendar."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.calendar_answer import calendar_answer
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
    calendar = request.build_absolute_uri(reverse("own-calendar", args=[request.user.calendar_key]))
    context = {
        "courses": courses,
        "acts": acts_for_any(request.user),
        "calendar": calendar,
        "webcal": "webcal:" + calendar.partition(":")[2],
    }
    return render(request, "registration/own.html", context)


def own_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """All sessions of the courses that the person has a place in, for a calendar that subscribes to it."""
    person = get_object_or_404(User, calendar_key=key, is_active=True)
    registrations = [one for one in registrations_of(person) if one.state in HAVE_A_PLACE]
    sessions = [session for one in registrations for session in sessions_of(one.course)]
    with translation.override(person.letters_in):
        return calendar_answer(request, request.path, _("My courses"), sessions, "amphitheatre")


@login_required
@require_POST
def new_calendar_address(request: HttpRequest) -> HttpResponse:
    """Whoever has the old one reads nothing any more."""
    request.user.calendar_key = uuid4()
    request.user.save(update_fields=["calendar_key"])
    messages.success(request, _("Your calendar has a new address. Subscribe to it again."))
    return redirect("own-page")


def _course(registration: Registration, own: tzinfo | None, now: datetime) -> OwnCourse:
    if registration.state not in HAVE_A_PLACE:
        return OwnCourse(registration, [], [])
    sessions = sessions_of(registration.course)
    coming = [session for session in sessions if session.ends > now]
    return OwnCourse(registration, on_air(sessions, now), timetable(registration.course, coming, own, now))
