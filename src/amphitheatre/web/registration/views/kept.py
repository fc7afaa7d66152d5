"""What a browser keeps of a programme for times without a connection, and the worker that shows it then."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from amphitheatre.web.programme.queries import published_course, sessions_of
from amphitheatre.web.programme.timetable import timetable
from amphitheatre.web.ui.language import asked, current_tag
from amphitheatre.web.ui.zones import zone


@never_cache
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """A published programme without anything of its reader, whoever asks: in `?language=` and in `?zone=`."""
    course = published_course(slug)
    if course is None:
        raise Http404("no such course")
    now, own = timezone.now(), zone(request.GET.get("zone", ""))
    with asked(request):
        days = timetable(course, sessions_of(course), own, now)
        context = {
            "course": course,
            "days": days,
            "made": now,
            "own_zone": own,
            "plain": True,
            "kept": True,
            "language_tag": current_tag(),
        }
        answer = render(request, "registration/kept.html", context)
        answer.headers["Content-Language"] = current_tag()
        return answer


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of all courses' pages: a worker rules below its own address alone."""
    found = finders.find("front/service_worker.js")
    if not isinstance(found, str):
        raise Http404("not built")
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
