"""When does this suit? A session laid across the zones of those who take part."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.programme.domain.suiting import awake, slots
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.registration.queries import zones_of
from amphitheatre.web.registration.rules import Action, may
from amphitheatre.web.ui.times import Span, spans


@login_required
def suits(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """?group= a continent; without it, everybody who has a place."""
    if not may(request.user.role, Action.PLAN):
        raise PermissionDenied
    course = get_object_or_404(Course, slug=slug)
    session = get_object_or_404(course.sessions, pk=key)
    session.course = course
    group = request.GET.get("group", "")
    people = zones_of(course, group if group in Continent.values else None)
    length = timedelta(minutes=session.minutes)
    with timezone.override(course.zone):
        context = {
            "course": course,
            "session": session,
            "group": group,
            "groups": Continent.choices,
            "people": sum(people.values()),
            "zones": [_zone(session, zone, count) for zone, count in people.most_common()],
            "slots": [
                {"at": spans(slot.starts, slot.starts + length, None)[0], "awake": slot.awake}
                for slot in slots(session.day, course.zone, length, people)
            ],
        }
        return render(request, "registration/suits.html", context)


def _zone(session: Session, zone: ZoneInfo, count: int) -> dict[str, object]:
    there: Span = spans(session.starts, session.ends, zone)[0]
    return {"there": there, "count": count, "awake": awake(session.starts, session.ends, zone)}
