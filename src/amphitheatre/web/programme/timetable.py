"""The programme as a page shows it: days by the course's calendar, times in the reader's zone and in the course's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from babel.dates import format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.programme.models import Course, Kind, Session
from amphitheatre.web.programme.queries import Named
from amphitheatre.web.texts.shown import Shown, shown
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.languages import name_of
from amphitheatre.web.ui.times import DAYS, LOCALES, Span, spans


@dataclass(frozen=True)
class Line:
    """One session. address: of its page. kind: as it is shown. audience: for whom it is, empty for everybody. people:
    by what they do, those who may be named.

    own: in the reader's zone; None where their clocks show what the course's do. first: own, else host. elsewhere: the
    day differs there.
    """

    session: Session
    address: str
    kind: str
    audience: str
    title: Shown
    room: Shown | None
    own: Span | None
    host: Span
    first: Span
    elsewhere: bool
    floor: str
    interpreted: list[str]
    people: dict[str, list[Named]]
    over: bool


@dataclass(frozen=True)
class Day:
    date: date
    title: str
    lines: list[Line]


def timetable(course: Course, sessions: Iterable[Session], own: tzinfo | None, now: datetime) -> list[Day]:
    """sessions: of this course, in order."""
    # Looked up once for all sessions.
    addresses, rooms = reverse("course", args=[course.slug]) + "sessions/", _Rooms()
    with timezone.override(course.zone):
        return [
            Day(day, title_of(day), [_line(session, addresses, rooms, own, now) for session in found])
            for day, found in groupby(sessions, key=lambda session: session.day)
        ]


class _Rooms(dict[int, Shown]):
    """Their titles, by key."""

    def of(self, session: Session) -> Shown | None:
        if session.room_id is None:
            return None
        if session.room_id not in self:
            self[session.room_id] = shown(session.room, "title")
        return self[session.room_id]


def title_of(day: date) -> str:
    """For instance "Sat 14 Nov"."""
    tag = current_tag()
    return format_date(day, DAYS[tag], locale=LOCALES[tag])


def _line(session: Session, addresses: str, rooms: _Rooms, own: tzinfo | None, now: datetime) -> Line:
    starts = session.starts
    ends = starts + timedelta(minutes=session.minutes)
    *mine, host = spans(starts, ends, own)
    return Line(
        session,
        address=f"{addresses}{session.pk}/",
        kind=str(Kind(session.kind).label),
        audience=audience_of(session),
        title=shown(session, "title"),
        room=rooms.of(session),
        own=mine[0] if mine else None,
        host=host,
        first=mine[0] if mine else host,
        elsewhere=bool(mine) and mine[0].day != host.day,
        floor=name_of(session.floor),
        interpreted=[name_of(tag) for tag in session.interpreted],
        people=_people(session),
        over=ends <= now,
    )


def audience_of(session: Session) -> str:
    """For instance "For: Africa"."""
    if not session.audience:
        return ""
    return _("For: %(continent)s") % {"continent": Continent(session.audience).label}


def _people(session: Session) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for one in session.named:
        found.setdefault(str(one.part.label), []).append(one)
    return found
