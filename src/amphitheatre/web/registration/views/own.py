"""A person's own page: the courses they are in, their answers, what comes next, one button when it is live; and their
calendar.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.calendar_answer import calendar_answer
from amphitheatre.web.programme.models import Course, Duty, Part, Session
from amphitheatre.web.programme.on_air import OnAir, on_air
from amphitheatre.web.programme.queries import published_courses, sessions_of
from amphitheatre.web.programme.timetable import Day, timetable
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.models import HAVE_A_PLACE, Mode, Registration, State
from amphitheatre.web.registration.queries import duties_of, is_meant_for, registrations_of
from amphitheatre.web.registration.rules import acting_for, may_answer
from amphitheatre.web.ui.language import COLON, current_tag
from amphitheatre.web.ui.languages import name_of
from amphitheatre.web.ui.times import lasting, own_zone, zoned
from amphitheatre.web.ui.zones import zone

_SAID: Final = {
    State.CONFIRMED: gettext_lazy("You have a place."),
    State.WAITING: gettext_lazy(
        "There is no free place now. You are on the waiting list, and get a letter when one is yours."
    ),
    State.CANCELLED: gettext_lazy("You do not take part. Thank you for saying so."),
}


@dataclass(frozen=True)
class OwnPart:
    """What the person does in a session. when: as their and the course's clocks show it."""

    session: Session
    part: str
    when: str


@dataclass(frozen=True)
class OwnCourse:
    """registration: None for whoever only has parts in it. live: to be joined now. coming: what is still to come, for
    those who have a place.
    """

    course: Course
    registration: Registration | None
    parts: list[OwnPart]
    live: list[OnAir]
    coming: list[Day]


@login_required
@never_cache
def own_page(request: HttpRequest) -> HttpResponse:
    own, now = own_zone(request), timezone.now()
    registrations = {one.course: one for one in registrations_of(request.user)}
    duties = duties_of(request.user)
    courses = {**registrations, **dict.fromkeys(one.session.course for one in duties)}
    acts_for = acting_for(request.user)
    calendar = request.build_absolute_uri(reverse("own-calendar", args=[request.user.calendar_key]))
    context = {
        "courses": [
            _course(
                course,
                registrations.get(course),
                [one for one in duties if one.session.course_id == course.pk],
                own,
                now,
            )
            for course in sorted(courses, key=lambda course: course.first_day, reverse=True)
        ],
        "acts_for": acts_for,
        "open_courses": [one for one in published_courses() if one.is_open] if acts_for else [],
        "calendar": calendar,
        "webcal": "webcal:" + calendar.partition(":")[2],
    }
    return render(request, "registration/own.html", context)


@login_required
@never_cache
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Yes or no to an invitation; the place given up, which is asked once; online instead of on site.

    Read again, for instance in another language, it is the person's page.
    """
    if request.method != "POST":
        return redirect("own-page")
    found = get_object_or_404(request.user.registrations.select_related("course", "person"), pk=key)
    decision = request.POST.get("decision", "")
    if not may_answer(request.user, found):
        raise PermissionDenied
    if decision == "give-up" and "sure" not in request.POST:
        return render(request, "registration/give_up.html", {"course": found.course, "registration": found})
    try:
        if decision == "accept":
            if found.state != State.INVITED:
                raise places.NotPossibleError(found.state)
            decided = places.confirm(found, request.user)
            messages.success(request, _SAID[State(decided.state)])
        elif decision == "give-up":
            places.cancel(found, request.user)
            messages.success(request, _SAID[State.CANCELLED])
        elif decision == "online":
            decided = places.change_mode(found, Mode.ONLINE, request.user)
            has_place = decided.state in HAVE_A_PLACE
            messages.success(request, _("You take part online.") if has_place else _("Saved."))
        else:
            raise PermissionDenied
    except places.NoPlaceError:
        messages.error(request, _("All places online are taken: you keep the one that you have."))
    except places.NotProfessionalError:
        messages.error(
            request, _("Operations are for those who treat patients: ask your institution's coordinator.")
        )
    except places.NotPossibleError:
        messages.error(request, _("That is not possible any more. This is how it stands now."))
    return redirect("own-page")


def own_calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """All sessions that are meant for the person, or in which they do something, for calendars that subscribe to it."""
    person = get_object_or_404(User, calendar_key=key, is_active=True)
    duties = duties_of(person)
    own = {duty.session_id for duty in duties}
    held = {one.course: one for one in registrations_of(person) if _has_programme(one)}
    courses = {**held, **dict.fromkeys(duty.session.course for duty in duties)}
    sessions = [
        session
        for course in courses
        for session in sessions_of(course)
        if session.pk in own or (course in held and is_meant_for(session, held[course]))
    ]
    with translation.override(person.letters_in):
        parts: dict[int, list[str]] = {}
        for duty in duties:
            done = _part(duty, zone(person.time_zone))
            parts.setdefault(duty.session_id, []).append(f"{done.part}{COLON[current_tag()]}{done.when}")
        return calendar_answer(request, request.path, _("My courses"), sessions, "amphitheatre", parts)


@login_required
@require_POST
def new_calendar_address(request: HttpRequest) -> HttpResponse:
    """Whoever has the old one reads nothing any more."""
    request.user.calendar_key = uuid4()
    request.user.save(update_fields=["calendar_key"])
    messages.success(request, _("Your calendar has a new address. Subscribe to it again."))
    return redirect("own-page")


def _has_programme(registration: Registration) -> bool:
    """Somebody has a place in a draft, too, and sees nothing of it."""
    return registration.state in HAVE_A_PLACE and registration.course.published is not None


def _course(
    course: Course, registration: Registration | None, duties: list[Duty], own: tzinfo | None, now: datetime
) -> OwnCourse:
    parts = [_part(duty, own) for duty in duties if duty.ends > now and not duty.session.cancelled]
    if registration is None or not _has_programme(registration):
        return OwnCourse(course, registration, parts, on_air([duty.session for duty in duties], now), [])
    own_parts = {duty.session_id for duty in duties}
    sessions = [one for one in sessions_of(course) if is_meant_for(one, registration) or one.pk in own_parts]
    coming = [session for session in sessions if session.ends > now]
    return OwnCourse(course, registration, parts, on_air(sessions, now), timetable(course, coming, own, now))


def _part(duty: Duty, own: tzinfo | None) -> OwnPart:
    part = str(Part(duty.part).label)
    with timezone.override(duty.session.course.zone):
        when = f"{zoned(duty.starts, own)}, {lasting(duty.ends - duty.starts)}"
    return OwnPart(duty.session, f"{part}, {name_of(duty.language)}" if duty.language else part, when)
