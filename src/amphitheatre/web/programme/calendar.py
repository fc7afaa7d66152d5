"""Sessions as an iCalendar (RFC 5545), which calendars read once or subscribe to."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from amphitheatre.web.programme.models import Session
from amphitheatre.web.texts.shown import Shown, note, shown

_PRODUCT: Final = "-//Amphitheatre//Programme//EN"
_READ_AGAIN: Final = timedelta(hours=1)


def calendar(
    name: str,
    address: str,
    sessions: Iterable[Session],
    page: Callable[[Session], str],
    parts: Mapping[int, list[str]],
) -> bytes:
    """With the time zones of the courses and all their rules in it. address: its own; page: where an entry leads.

    parts: what the reader does in sessions, by key, in words.
    """
    made = Calendar.new(
        uid=uuid5(NAMESPACE_URL, address),  # the same whenever it is read again (RFC 7986, 5.3)
        name=name,
        prodid=_PRODUCT,
        method="PUBLISH",
        refresh_interval=_READ_AGAIN,
        subcomponents=[_event(session, page(session), parts.get(session.pk, [])) for session in sessions],
    )
    made["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # it has to be said (RFC 7986, 5.7)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(session: Session, address: str, parts: list[str]) -> Event:
    course = session.course
    title, summary = shown(session, "title"), shown(session, "summary")
    places = [shown(session.room, "title")] if session.room else []
    places.append(shown(course, "city"))
    return Event.new(
        uid=session.uid,
        sequence=session.sequence,
        stamp=session.changed,
        last_modified=session.changed,
        summary=title.text,
        description="\n".join(filter(None, [*parts, _description(summary, title, *places)])) or None,
        start=_written(session.starts, course.zone),
        end=_written(session.ends, course.zone),
        location=", ".join(place.text for place in places if place.text) or None,
        status="CANCELLED" if session.cancelled else "CONFIRMED",
        url=address,
    )


def _description(summary: Shown, *others: Shown) -> str:
    """With what there is to say of this entry's texts, each thing once."""
    notes = dict.fromkeys(f"({said})" for text in (summary, *others) if (said := note(text)))
    return "\n".join(text for text in (summary.text, *notes) if text)


def _written(moment: datetime, zone: tzinfo) -> datetime:
    """By the clock of the zone. Of a time that clocks show twice RFC 5545 (3.3.5) means the first one: the second is
    written in UTC.
    """
    local = moment.astimezone(zone)
    return moment if local.fold else local
