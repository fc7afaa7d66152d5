"""The programme as a page shows it: days by the course's calendar, times in the reader's zone and in the course's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from babel.dates import format_date
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.languages import name_of
from amphitheatre.web.ui.times import DAYS, LOCALES, Span, spans


@dataclass(frozen=True)
class Line:
    """One session. own: None where the reader's clocks show what the course's do. elsewhere: the day differs there.

    people: by what they do, those who may be named.
    """

    session: Session
    own: Span | None
    host: Span
    elsewhere: bool
    floor: str
    interpreted: list[str]
    people: dict[str, list[User]]
    over: bool


@dataclass(frozen=True)
class Day:
    date: date
    title: str
    lines: list[Line]


def timetable(course: Course, sessions: Iterable[Session], own: tzinfo | None, now: datetime) -> list[Day]:
    """sessions: of this course, in order."""
    with timezone.override(course.zone):
        return [
            Day(day, title_of(day), [_line(session, own, now) for session in found])
            for day, found in groupby(sessions, key=lambda session: session.day)
        ]


def title_of(day: date) -> str:
    """For instance "Sat 14 Nov"."""
    tag = current_tag()
    return format_date(day, DAYS[tag], locale=LOCALES[tag])


def _line(session: Session, own: tzinfo | None, now: datetime) -> Line:
    starts, ends = session.starts, session.ends
    *mine, host = spans(starts, ends, own)
    return Line(
        session,
        own=mine[0] if mine else None,
        host=host,
        elsewhere=bool(mine) and mine[0].day != host.day,
        floor=name_of(session.floor),
        interpreted=[name_of(tag) for tag in session.interpreted],
        people=_people(session),
        over=ends <= now,
    )


def _people(session: Session) -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for duty in getattr(session, "named_duties", []):
        found.setdefault(duty.get_part_display(), []).append(duty.person)
    return found
