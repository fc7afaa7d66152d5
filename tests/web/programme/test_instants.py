"""A day and a time on the wall mean one moment, in every zone of the world and at every change of its clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from amphitheatre.web.programme.domain.instants import NoSuchTimeError, happens_twice, instant, read_on

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
STEP = timedelta(days=5)  # no zone changes its clocks twice in so short a time
MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime"})


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The moments at which clocks there are set, to the second."""
    before = FIRST
    while before < LAST:
        after = before + STEP
        if offset(zone, before) != offset(zone, after):
            low, high = before, after
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if offset(zone, middle) == offset(zone, before) else (low, middle)
            yield high
        before = after


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@cache
def all_changes() -> list[tuple[ZoneInfo, datetime]]:
    return [(zone, moment) for zone in map(ZoneInfo, ZONES) for moment in changes(zone)]


def wall(moment: datetime, shift: timedelta) -> tuple[date, time]:
    """What a clock shows that goes so far ahead of UTC."""
    shown = (moment + shift).replace(tzinfo=None)
    return shown.date(), shown.time()


def test_there_are_changes_of_both_kinds() -> None:
    forward = [
        moment for zone, moment in all_changes() if offset(zone, moment) > offset(zone, moment - MINUTE)
    ]
    assert len(ZONES) > 400
    assert 2000 < len(forward) < len(all_changes()) - 2000


def test_a_time_that_clocks_skip_is_refused() -> None:
    for zone, moment in all_changes():
        before, after = offset(zone, moment - MINUTE), offset(zone, moment)
        if after <= before:
            continue
        for shown in (
            wall(moment, before),
            wall(moment, before + (after - before) / 2),
            wall(moment - MINUTE, after),
        ):
            for second in (False, True):
                with pytest.raises(NoSuchTimeError):
                    instant(*shown, zone, second=second)
            assert not happens_twice(*shown, zone)
            # Planned before the rules changed, it is read by the clock as it was before.
            assert wall(read_on(*shown, zone), before) == shown


def test_a_time_that_clocks_show_twice_means_the_one_that_was_said() -> None:
    for zone, moment in all_changes():
        before, after = offset(zone, moment - MINUTE), offset(zone, moment)
        if after >= before:
            continue
        for early in (moment - MINUTE, moment - (before - after)):
            shown = wall(early, before)
            assert happens_twice(*shown, zone), (zone, moment)
            assert instant(*shown, zone) == early
            assert instant(*shown, zone, second=True) == early + (before - after)


def test_around_each_change_every_other_time_is_the_moment_that_it_names() -> None:
    for zone, moment in all_changes():
        for near in (moment - timedelta(hours=25), moment + timedelta(hours=25)):
            shown = wall(near, offset(zone, near))
            assert instant(*shown, zone) == near, (zone, moment)
            assert not happens_twice(*shown, zone)
