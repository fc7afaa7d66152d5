"""The registrations of an institution, for who acts for it: looked at, taken away as a list, and decided on."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain import news, places
from amphitheatre.web.registration.domain.sheet import written
from amphitheatre.web.registration.models import Mode, Registration, State
from amphitheatre.web.registration.rules import institutions_of, may_decide
from amphitheatre.web.registration.views.course import seen_course
from amphitheatre.web.texts.shown import shown

_VERBS: Final[dict[str, Callable[[Registration, User], Registration]]] = {
    "confirm": places.confirm,
    "cancel": places.cancel,
    "readmit": places.readmit,
    Mode.ONLINE: lambda registration, by: places.change_mode(registration, Mode.ONLINE, by),
    Mode.ON_SITE: lambda registration, by: places.change_mode(registration, Mode.ON_SITE, by),
}


@login_required
@never_cache
def doctors(request: HttpRequest, slug: str) -> HttpResponse:
    course, institutions = door(request, slug)
    context = {"course": course, "registrations": _listed(course, institutions)}
    return render(request, "registration/doctors.html", context)


@login_required
@never_cache
def doctors_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same list for a spreadsheet, in words by which it can be brought in again."""
    course, institutions = door(request, slug)
    headings = [
        _("Name"), _("Name in Latin letters"), _("E-mail address"), _("Profession"), _("Speciality"),
        _("Licence number"), _("Institution"), _("Takes part"), _("State"),
    ]  # fmt: skip
    lines = [
        [
            one.person.name, one.person.latin_name, one.person.email, one.person.get_profession_display(),
            one.person.speciality, one.person.licence_number, shown(one.institution, "name").text,
            one.get_mode_display(), one.get_state_display(),
        ]
        for one in _listed(course, institutions)
    ]  # fmt: skip
    as_file = {"Content-Disposition": f'attachment; filename="{course.slug}.csv"'}
    return HttpResponse(written([headings, *lines]), content_type="text/csv; charset=utf-8", headers=as_file)


def _listed(course: Course, institutions: QuerySet[Institution]) -> QuerySet[Registration]:
    found = course.registrations.filter(institution__in=institutions).select_related("person", "institution")
    found = found.exclude(state=State.CANCELLED, person__is_active=False)  # nobody is there to come back
    return found.order_by("institution", "asked", "pk")


@login_required
@never_cache
def decide(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Confirms, cancels, registers or invites again, as the button says; before it cancels, it asks once.

    Read again, for instance in another language, it is the list.
    """
    if request.method != "POST":
        return redirect("course-doctors", slug=slug)
    course, institutions = door(request, slug)
    theirs = course.registrations.filter(institution__in=institutions).select_related("person", "course")
    found = get_object_or_404(theirs, pk=key)
    if not may_decide(request.user, found):
        raise PermissionDenied
    decision = request.POST.get("decision", "")
    if decision == "remind" and found.not_in_yet:
        said = (
            _("%(name)s is invited once more.")
            if news.remind(found)
            else _("%(name)s has been sent an invitation today already.")
        )
        messages.success(request, said % {"name": found.person.name or found.person.email})
        return redirect("course-doctors", slug=slug)
    verb = _VERBS.get(decision)
    if verb is None:
        raise PermissionDenied
    if verb is places.cancel and "sure" not in request.POST:
        return render(request, "registration/cancel.html", {"course": course, "registration": found})
    try:
        decided = verb(found, request.user)
    except places.NoPlaceError:
        messages.error(request, _("All places of that kind are taken. Nothing was changed."))
    except places.NotProfessionalError:
        messages.error(
            request, _("Operations are for those who treat patients. The profession does not allow it.")
        )
    except places.NotPossibleError:
        messages.error(
            request, _("Somebody has decided on this registration meanwhile. This is how it stands now.")
        )
    else:
        _say(request, decided)
    return redirect("course-doctors", slug=slug)


def _say(request: HttpRequest, decided: Registration) -> None:
    texts = {
        State.CONFIRMED: _("Confirmed: %(mode)s.") % {"mode": decided.get_mode_display()},
        State.INVITED: _("Saved."),
        State.APPLIED: _("Saved."),
        State.WAITING: _("No place is free for this institution now: on the waiting list."),
        State.CANCELLED: _("Cancelled. The place goes to whoever has waited longest."),
    }
    messages.success(request, texts[State(decided.state)])


def door(request: HttpRequest, slug: str) -> tuple[Course, QuerySet[Institution]]:
    """The course, and the institutions that the person acts for; forbidden to whoever acts for none."""
    institutions = institutions_of(request.user)
    if not institutions.exists():
        raise PermissionDenied
    return seen_course(request, slug), institutions
