"""The page of a session: who, what, and the papers that belong to it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from mimetypes import guess_type
from typing import IO, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from amphitheatre.web.programme.domain.materials import KINDS, LARGEST, bring, file_name
from amphitheatre.web.programme.models import Course, Material, Session
from amphitheatre.web.programme.on_air import OnAir, on_air
from amphitheatre.web.programme.queries import session_of, sessions_of
from amphitheatre.web.programme.timetable import timetable
from amphitheatre.web.registration.forms import MaterialForm
from amphitheatre.web.registration.rules import Action, audiences_of, may, may_bring
from amphitheatre.web.registration.views.course import seen_course
from amphitheatre.web.ui.body_pass import passing
from amphitheatre.web.ui.times import own_zone

_ENVELOPE: Final = 2**16  # bytes of a form around its file
_PIECE: Final = 2**18  # bytes


@never_cache
def session_page(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Open to everybody once its course is published; its materials are not."""
    course = seen_course(request, slug)
    return _page(request, course, _session(course, key))


@login_required
def bring_material(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    course = seen_course(request, slug)
    session = _session(course, key)
    if request.method != "POST":  # somebody had to sign in again on the way
        return redirect("session", slug=slug, key=key)
    if not may_bring(request.user, session):
        raise PermissionDenied
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, course, session, form, status=400)
    bring(session, **form.cleaned_data, by=request.user)
    messages.success(request, _("It is there."))
    return redirect("session", slug=slug, key=key)


@login_required
@never_cache
def material(request: HttpRequest, slug: str, key: int) -> StreamingHttpResponse:
    """Its file, to be saved: nothing that somebody sent is opened under our own name."""
    course = seen_course(request, slug)
    found = _material(course, key)
    if found.audience not in audiences_of(request.user, found.session):
        raise Http404("no such material")
    name = file_name(found)
    return StreamingHttpResponse(
        _pieces(found.file.open("rb")),
        content_type=guess_type(name)[0] or "application/octet-stream",
        headers={"Content-Length": found.size, "Content-Disposition": content_disposition_header(True, name)},
    )


@login_required
@require_POST
def remove_material(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    found = _material(seen_course(request, slug), key)
    if not may_bring(request.user, found.session):
        raise PermissionDenied
    found.delete()
    messages.success(request, _("It is gone."))
    return redirect("session", slug=slug, key=found.session_id)


def _page(
    request: HttpRequest,
    course: Course,
    session: Session,
    form: MaterialForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    (day,) = timetable(course, [session], own_zone(request), now)
    may_add = may_bring(request.user, session)
    audiences = audiences_of(request.user, session)
    address = reverse("session-materials", args=[course.slug, session.pk])
    context = {
        "course": course,
        "session": session,
        "day": day,
        "line": day.lines[0],
        "live": _live(course, session, now),
        "materials": session.materials.filter(audience__in=audiences),
        "given": bool(audiences),
        "may_add": may_add,
        "form": form or MaterialForm(),
        "bring": passing(address, LARGEST + _ENVELOPE) if may_add else "",
        "kinds": ",".join(sorted(KINDS)),
        "most": LARGEST,
        "plans": may(getattr(request.user, "role", ""), Action.PLAN),
    }
    return render(request, "registration/session.html", context, status=status)


def _live(course: Course, session: Session, now: datetime) -> list[OnAir]:
    """The room, while what is on air in it is this session."""
    if session.room is None or session.room.live_since is None:
        return []
    return [found for found in on_air(sessions_of(course), now) if found.session == session]


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Read as the reader's line takes them: a hall full of doctors saves the same slides at once."""
    try:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
    finally:
        file.close()


def _session(course: Course, key: int) -> Session:
    found = session_of(course, key)
    if found is None:
        raise Http404("no such session")
    return found


def _material(course: Course, key: int) -> Material:
    return get_object_or_404(Material.objects.select_related("session"), pk=key, session__course=course)
