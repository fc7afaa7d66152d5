"""The registrations of an institution, for who acts for it: looked at, decided on, and brought in from a list."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain import news, places
from amphitheatre.web.registration.domain.enrolment import RowsRefusedError, enrol, invite, preview
from amphitheatre.web.registration.domain.roster import roster
from amphitheatre.web.registration.domain.sheet import LARGEST, written
from amphitheatre.web.registration.forms import DoctorForm, UploadForm
from amphitheatre.web.registration.models import Mode, Registration, State, Upload
from amphitheatre.web.registration.rules import institutions_of, may_decide
from amphitheatre.web.registration.views.course import seen_course
from amphitheatre.web.texts.shown import shown

_SHOWN: Final = 50  # faults on one page
_CLOSED: Final = _lazy("The course is over or cancelled: nobody is registered any more.")
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
    course, institutions = _door(request, slug)
    context = {"course": course, "registrations": _listed(course, institutions)}
    return render(request, "registration/doctors.html", context)


@login_required
@never_cache
def doctors_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same list for a spreadsheet, in words by which it can be brought in again."""
    course, institutions = _door(request, slug)
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
    return found.order_by("institution", "asked", "pk")


@login_required
@never_cache
def decide(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Confirms, cancels, registers or invites again, as the button says; before it cancels, it asks once.

    Read again, for instance in another language, it is the list.
    """
    if request.method != "POST":
        return redirect("course-doctors", slug=slug)
    course, institutions = _door(request, slug)
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


@login_required
@never_cache
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes a list, and leads to its preview."""
    return _bring(request, slug, UploadForm, "registration/upload.html")


@login_required
@never_cache
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes one doctor, as a list of one."""
    return _bring(request, slug, DoctorForm, "registration/add.html")


def _bring(request: HttpRequest, slug: str, of: type[UploadForm | DoctorForm], template: str) -> HttpResponse:
    course, institutions = _door(request, slug)
    if not course.is_open:
        messages.info(request, _CLOSED)
        return redirect("course-doctors", slug=slug)
    form = of(request.POST or None, request.FILES or None, institutions=institutions)
    if request.method == "POST" and form.is_valid() and not _refused(request, course, form):
        kept = Upload.objects.create(
            course=course,
            institution=form.cleaned_data["institution"],
            by=request.user,
            rows=form.cleaned_data["sheet"],
            invites=form.cleaned_data["invites"],
        )
        return redirect("course-upload", slug=slug, key=kept.pk)
    only = institutions[0] if len(institutions) == 1 else None
    context = {"course": course, "form": form, "only": only, "most": LARGEST}
    return render(request, template, context, status=400 if form.errors else 200)


def _refused(request: HttpRequest, course: Course, form: UploadForm | DoctorForm) -> bool:
    """Of one doctor it is said at once why they can't be registered, where it was typed."""
    if isinstance(form, DoctorForm):
        candidates = roster(form.cleaned_data["sheet"]).candidates
        for fault in preview(course, form.cleaned_data["institution"], candidates, request.user).faults:
            form.add_error(None, fault.text)
    return not form.is_valid()


@login_required
@never_cache
def uploaded(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """What taking the list would do; and, on POST, takes it: all of it or nothing."""
    course, institutions = _door(request, slug)
    mine = Upload.objects.filter(course=course, by=request.user, institution__in=institutions)
    kept = mine.select_related("institution").filter(pk=key).first()
    if kept is None:  # somebody went back to it
        messages.info(request, _("That list is not there any more: it was taken already, or is too old."))
        return redirect("course-doctors", slug=slug)
    if not course.is_open:
        messages.info(request, _CLOSED)
        return redirect("course-doctors", slug=slug)
    found = roster(kept.rows)
    plan = preview(course, kept.institution, found.candidates, request.user)
    faults = sorted([*found.faults, *plan.faults], key=lambda fault: fault.row)
    if request.method == "POST" and not faults:
        return _take(request, course, kept)
    context = {
        "course": course,
        "upload": kept,
        "faults": faults[:_SHOWN],
        "more_faults": max(0, len(faults) - _SHOWN),
        "plan": plan,
    }
    return render(request, "registration/uploaded.html", context)


def _take(request: HttpRequest, course: Course, kept: Upload) -> HttpResponseRedirect:
    verb = invite if kept.invites else enrol
    try:
        made = verb(course, kept.institution, roster(kept.rows).candidates, request.user)
    except (
        IntegrityError,
        RowsRefusedError,
        places.NotPossibleError,
    ):  # somebody else has just brought in one of these people
        messages.error(
            request, _("Nobody was registered: the list was overtaken by another one. Look at it again.")
        )
        return redirect("course-upload", slug=course.slug, key=kept.pk)
    kept.delete()
    if kept.invites:
        done = ngettext("%(count)d doctor is invited.", "%(count)d doctors are invited.", len(made))
        messages.success(request, done % {"count": len(made)})
        return redirect("course-doctors", slug=course.slug)
    waiting = sum(one.state == State.WAITING for one in made)
    done = ngettext(
        "%(count)d doctor is registered.", "%(count)d doctors are registered.", len(made) - waiting
    )
    messages.success(request, done % {"count": len(made) - waiting})
    if waiting:
        text = ngettext("%(count)d is on the waiting list.", "%(count)d are on the waiting list.", waiting)
        messages.info(request, text % {"count": waiting})
    return redirect("course-doctors", slug=course.slug)


def _say(request: HttpRequest, decided: Registration) -> None:
    texts = {
        State.CONFIRMED: _("Confirmed: %(mode)s.") % {"mode": decided.get_mode_display()},
        State.INVITED: _("Saved."),
        State.APPLIED: _("Saved."),
        State.WAITING: _("All places are taken: on the waiting list."),
        State.CANCELLED: _("Cancelled. The place goes to whoever has waited longest."),
    }
    messages.success(request, texts[State(decided.state)])


def _door(request: HttpRequest, slug: str) -> tuple[Course, QuerySet[Institution]]:
    """The course, and the institutions that the person acts for; forbidden to whoever acts for none."""
    institutions = institutions_of(request.user)
    if not institutions.exists():
        raise PermissionDenied
    return seen_course(request, slug), institutions
