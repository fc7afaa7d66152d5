"""The list of courses; the page of one: what it is, who takes part, and when what happens; and its calendar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amphitheatre.web.programme import calendar_answer as calendars
from amphitheatre.web.programme.models import Course
from amphitheatre.web.programme.on_air import on_air
from amphitheatre.web.programme.pdf import BusyError, programme_pdf
from amphitheatre.web.programme.queries import published_courses, sessions_of
from amphitheatre.web.programme.timetable import timetable
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.models import Mode
from amphitheatre.web.registration.queries import figures
from amphitheatre.web.registration.rules import Action, acts_for_any, home_of, may, may_apply
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.language import asked, current_tag
from amphitheatre.web.ui.times import own_zone


def course_list(request: HttpRequest) -> HttpResponse:
    """The published ones, newest first; open to everybody."""
    return render(request, "registration/course_list.html", {"courses": published_courses()})


def course_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Open to everybody once it is published."""
    course = seen_course(request, slug)
    sessions = sessions_of(course)
    own, now = own_zone(request), timezone.now()
    context = {
        "course": course,
        "days": timetable(course, sessions, own, now),
        "figures": figures(course, "registered")["registered"],
        "live": on_air(sessions, now),
        "acts": acts_for_any(request.user),
        "may_apply": may_apply(request.user, course),
        "sees_missing": may(getattr(request.user, "role", ""), Action.SEE_MISSING),
        "plans": may(getattr(request.user, "role", ""), Action.PLAN),
    }
    return render(request, "registration/course.html", context)


def course_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    return calendars.course_calendar(request, seen_course(request, slug))


def course_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    course = seen_course(request, slug)
    days = timetable(course, sessions_of(course), own_zone(request), timezone.now())
    try:
        body = programme_pdf(course, days, request.build_absolute_uri(reverse("course", args=[slug])))
    except BusyError:
        return HttpResponse(_("Try again in a moment."), status=503, headers={"Retry-After": "2"})
    name = f'inline; filename="{slug}-{current_tag()}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})


def session_calendar(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    course = seen_course(request, slug)
    found = [session for session in sessions_of(course) if session.pk == key]
    if not found:
        raise Http404("no such session")
    with asked(request):
        title = shown(found[0], "title").text
        return calendars.calendar_answer(request, request.path, title, found, f"{slug}-{key}")


@login_required
@require_POST
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for a place, on site or online, for the institution that the person belongs to."""
    course = seen_course(request, slug)
    institution, mode = home_of(request.user), request.POST.get("mode", "")
    if institution is None or mode not in Mode.values or not may_apply(request.user, course):
        raise PermissionDenied
    places.apply(course, request.user, institution, Mode(mode))
    messages.success(request, _("You have asked for a place. You get a letter when it has been decided."))
    return redirect("own-page")


def seen_course(request: HttpRequest, slug: str) -> Course:
    """Published, or a draft of those who ask. Raises Http404."""
    found = Course.objects.filter(slug=slug).first()
    seen = found is not None and (
        found.published is not None or may(getattr(request.user, "role", ""), Action.SEE_DRAFT)
    )
    if found is None or not seen:
        raise Http404("no such course")
    return found
