"""From a day and a time on the wall to the one moment that they mean, also where clocks are changed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NoSuchTimeError(ValueError):
    """On that day clocks there skip that time."""


def instant(day: date, at: time, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """In UTC. second: of the two moments at which clocks show that time, the later one.

    Raises NoSuchTimeError for a time in the gap of a change to summer time.
    """
    moment = read_on(day, at, zone, second=second)
    if moment.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        raise NoSuchTimeError(f"{at:%H:%M} on {day} in {zone.key}")
    return moment


def read_on(day: date, at: time, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """As `instant`; a time that is skipped is read by the clock as it was before (RFC 5545, 3.3.5; PEP 495)."""
    return datetime.combine(day, at, zone).replace(fold=int(second)).astimezone(UTC)


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether clocks there never show that time on that day."""
    try:
        instant(day, at, zone)
    except NoSuchTimeError:
        return True
    return False


def happens_twice(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether clocks there show that time at two moments of that day."""
    try:
        return instant(day, at, zone) != instant(day, at, zone, second=True)
    except NoSuchTimeError:
        return False
