"""What is still missing before a session may go live: one list, by rules that each look at one thing.

Apps that know more than the programme add their own:

    readiness.rules.append(no_lay_audience)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import combinations
from typing import Final, Protocol

from django.utils.translation import gettext as _

from amphitheatre.web.programme.domain.instants import is_skipped
from amphitheatre.web.programme.models import Duty, Kind, Part, Session
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.languages import name_of

_MODERATED: Final = {Kind.LIVE_OPERATION, Kind.QUESTIONS, Kind.DISCUSSION}
_SPOKEN: Final = {Kind.LECTURE, Kind.LIVE_OPERATION}


@dataclass(frozen=True)
class Missing:
    """text: in the reader's language."""

    session: Session
    text: str


Rule = Callable[[list[Session]], Iterable[Missing]]
"""Looks at the sessions of one course that are not cancelled, in a fixed number of queries."""

rules: Final[list[Rule]] = []


class _Span(Protocol):
    @property
    def starts(self) -> datetime: ...

    @property
    def ends(self) -> datetime: ...


def missing(
    sessions: Iterable[Session], others: Iterable[Session], duties: Iterable[Duty]
) -> dict[int, list[str]]:
    """By session, those with `known_cases`. others: all that may stand in the way, in any course. duties: of both."""
    wanted = {one.pk: one for one in sessions if not one.cancelled}
    there = [*wanted.values(), *(one for one in others if one.pk not in wanted and not one.cancelled)]
    by_session: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_session[duty.session_id].append(duty)
    found: dict[int, list[str]] = {key: [] for key in wanted}
    for session in wanted.values():
        found[session.pk] += _of(session, by_session[session.pk])
    added = (fault for rule in rules for fault in rule(list(wanted.values())))
    for fault in (*_room_clashes(there), *_people_clashes(there, by_session), *added):
        if fault.session.pk in found:
            found[fault.session.pk].append(fault.text)
    return found


def _of(session: Session, duties: list[Duty]) -> Iterator[str]:
    if is_skipped(session.day, session.begins, session.course.zone):
        yield _("Clocks are set forward that day: they do not show this time.")
    parts = {duty.part for duty in duties}
    if session.kind in _SPOKEN and Part.SPEAKER not in parts:
        yield _("Nobody speaks or operates.")
    if session.kind in _MODERATED and Part.MODERATOR not in parts:
        yield _("There is no moderator.")
    for tag in session.interpreted:
        if gap := _gap(session, [duty.minutes for duty in duties if duty.language == tag]):
            words = _("%(language)s is promised, and from minute %(first)d nobody interprets into it.")
            yield words % {"language": name_of(tag), "first": gap.start}
    if session.kind != Kind.LIVE_OPERATION and session.room is None:
        yield _("It takes place in no room.")
    if session.kind == Kind.LIVE_OPERATION:
        yield from _theatre(session)
        yield from _cases(session)


def _gap(session: Session, shifts: list[range]) -> range | None:
    """The first minutes in which nobody works."""
    reached = 0
    for shift in sorted(shifts, key=lambda shift: shift.start):
        if shift.start > reached:
            break
        reached = max(reached, shift.stop)
    return range(reached, session.minutes) if reached < session.minutes else None


def _theatre(session: Session) -> Iterator[str]:
    room = session.room
    if room is None or not room.theatre:
        yield _("An operation needs a theatre.")
        return
    zone = session.course.zone
    begins, ends = session.starts.astimezone(zone), session.ends.astimezone(zone)
    late = room.closes is not None and (ends.date() > begins.date() or ends.time() > room.closes)
    if (room.opens is not None and begins.time() < room.opens) or late:
        words = _("The theatre is open from %(opens)s to %(closes)s.")
        yield words % {"opens": _clock(room.opens), "closes": _clock(room.closes)}


def _cases(session: Session) -> Iterator[str]:
    if not session.known_cases:
        yield _("No case is entered.")
    for case in session.known_cases:
        if case.consent is None:
            words = _("The consent of the patient of “%(case)s” is not recorded.")
            yield words % {"case": shown(case, "title").text}


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else "…"


def _room_clashes(sessions: list[Session]) -> Iterator[Missing]:
    by_room: dict[int, list[Session]] = defaultdict(list)
    for session in sessions:
        if session.room_id is not None:
            by_room[session.room_id].append(session)
    for together in by_room.values():
        for one, other in combinations(together, 2):
            if _overlap(one, other):
                words = _("The room is taken by “%(other)s” at that time.")
                yield Missing(one, words % {"other": shown(other, "title").text})
                yield Missing(other, words % {"other": shown(one, "title").text})


def _people_clashes(sessions: list[Session], duties: dict[int, list[Duty]]) -> Iterator[Missing]:
    by_person: dict[int, list[Duty]] = defaultdict(list)
    for session in sessions:
        for duty in duties[session.pk]:
            duty.session = session
            by_person[duty.person_id].append(duty)
    for together in by_person.values():
        for one, other in combinations(together, 2):
            if not _overlap(one, other):
                continue
            if one.session_id == other.session_id:
                if one.language != other.language and one.language and other.language:
                    yield _two_languages(one)
            else:
                words = _("%(person)s is in “%(other)s” at that time.")
                name = one.person.name or one.person.email
                yield Missing(
                    one.session, words % {"person": name, "other": shown(other.session, "title").text}
                )
                yield Missing(
                    other.session, words % {"person": name, "other": shown(one.session, "title").text}
                )


def _two_languages(duty: Duty) -> Missing:
    words = _("%(person)s interprets into two languages at once.")
    return Missing(duty.session, words % {"person": duty.person.name or duty.person.email})


def _overlap(one: _Span, other: _Span) -> bool:
    return one.starts < other.ends and other.starts < one.ends


NEAR: Final = timedelta(days=1)
"""Sessions of other courses further away than this from the course's days stand in nobody's way."""
