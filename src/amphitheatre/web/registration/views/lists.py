"""Doctors whom their institution brings in, from a spreadsheet or one by one: looked at first, then taken."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.domain.enrolment import RowsRefusedError, enrol, invite, preview
from amphitheatre.web.registration.domain.roster import roster
from amphitheatre.web.registration.domain.sheet import LARGEST
from amphitheatre.web.registration.forms import DoctorForm, UploadForm
from amphitheatre.web.registration.models import State, Upload
from amphitheatre.web.registration.views.doctors import door

_SHOWN: Final = 50  # faults on one page
_CLOSED: Final = gettext_lazy("The course is over or cancelled: nobody is registered any more.")


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
    course, institutions = door(request, slug)
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
    course, institutions = door(request, slug)
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
