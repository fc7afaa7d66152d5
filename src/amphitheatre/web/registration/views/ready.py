"""What each session of a course still lacks before it may go live."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from amphitheatre.web.programme.models import Course
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.registration.rules import Action, may
from amphitheatre.web.ui.times import lasts, own_zone


@login_required
@never_cache
def ready(request: HttpRequest, slug: str) -> HttpResponse:
    if not may(request.user.role, Action.SEE_MISSING):
        raise PermissionDenied
    course = get_object_or_404(Course, slug=slug)
    found, own = missing_in(course), own_zone(request)
    with timezone.override(course.zone):
        lines = [
            {"session": session, "at": lasts(session.starts, session.ends, own), "lacks": lacks}
            for session, lacks in found
        ]
    context = {"course": course, "lines": lines, "ready": sum(not lacks for _, lacks in found)}
    return render(request, "registration/ready.html", context)
