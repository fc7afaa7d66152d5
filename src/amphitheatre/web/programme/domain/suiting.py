"""When a session suits people who live in many time zones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

WAKING: Final = (time(7), time(22))  # from, until, by everybody's own clock
EVERY: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Slot:
    """starts: UTC. awake: how many people are, for the whole session."""

    starts: datetime
    awake: int


def awake(starts: datetime, ends: datetime, zone: tzinfo) -> bool:
    """Whether all of it lies within one waking day there."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    return first.date() == last.date() and WAKING[0] <= first.time() and last.time() <= WAKING[1]


def slots(
    day: date, home: ZoneInfo, length: timedelta, people: Mapping[ZoneInfo, int], most: int = 5
) -> list[Slot]:
    """The best beginnings on that day at `home`: as many awake as can be, the earliest first. people: how many a zone.

    Only times at which people are awake at `home` too: somebody has to operate.
    """
    begins = datetime.combine(day, time(), home).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), home).astimezone(UTC)
    found = []
    while begins < ends:
        if awake(begins, begins + length, home):
            count = sum(number for zone, number in people.items() if awake(begins, begins + length, zone))
            found.append(Slot(begins, count))
        begins += EVERY
    found.sort(key=lambda slot: (-slot.awake, slot.starts))
    return found[:most]
