"""When does this suit? A session laid across the zones of those for whom it is."""

from collections import Counter
from datetime import datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.alliance.queries import zones_of_members
from amphitheatre.web.programme.domain.suiting import awake, slots
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.queries import zones_of
from amphitheatre.web.registration.rules import Action, may
from amphitheatre.web.ui.times import Span, lasts, own_zone, spans

_CLOCKS: Final = 4  # beside each other; every zone stands in the list of how it is planned


@login_required
@never_cache
def suits(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """?group= a continent, or empty for everybody; without it, those for whom the session is.

    Counted are people with a place; before there is one, the institutions that are in the alliance now.
    """
    if not may(request.user.role, Action.PLAN):
        raise PermissionDenied
    course = get_object_or_404(Course, slug=slug)
    session = get_object_or_404(course.sessions, pk=key)
    session.course = course
    group = request.GET.get("group", session.audience)
    continent = group if group in Continent.values else None
    people = zones_of(course, continent)
    counted = people or zones_of_members(timezone.localdate(), continent)
    starts, ends = session.starts, session.ends
    clocks = _clocks(course, own_zone(request), counted, starts)
    with timezone.override(course.zone):
        planned = lasts(starts, ends, own_zone(request))
    context = {
        "course": course,
        "session": session,
        "group": continent or "",
        "groups": Continent.choices,
        "people": sum(people.values()),
        "counted": sum(counted.values()),
        "planned": planned,
        "zones": [
            {"at": _at(starts, ends, zone), "count": count, "awake": awake(starts, ends, zone)}
            for zone, count in counted.most_common()
        ],
        "slots": [
            {
                "awake": slot.awake,
                "times": [_time(slot.starts, slot.starts + (ends - starts), zone, course) for zone in clocks],
            }
            for slot in slots(session.day, course.zone, ends - starts, counted)
        ],
    }
    return render(request, "registration/suits.html", context)


def _clocks(course: Course, own: tzinfo | None, counted: Counter[ZoneInfo], at: datetime) -> list[tzinfo]:
    """Those that proposals are told by: the course's, the reader's, and those of most of whom is counted; where several
    show the same, one, and rather theirs than the reader's.
    """
    found: dict[timedelta | None, tzinfo] = {}
    for zone in (course.zone, *(zone for zone, _ in counted.most_common())):
        found.setdefault(at.astimezone(zone).utcoffset(), zone)
    clocks = list(found.values())
    if own and at.astimezone(own).utcoffset() not in found:
        clocks.insert(1, own)
    return clocks[:_CLOCKS]


def _time(starts: datetime, ends: datetime, zone: tzinfo, course: Course) -> dict[str, object]:
    """elsewhere: on another day than at the course's place."""
    day = starts.astimezone(course.zone).date()
    return {
        "at": _at(starts, ends, zone),
        "elsewhere": starts.astimezone(zone).date() != day,
        "awake": awake(starts, ends, zone),
    }


def _at(starts: datetime, ends: datetime, zone: tzinfo) -> Span:
    """As clocks there show it, whatever others do."""
    with timezone.override(zone):
        return spans(starts, ends, None)[0]
