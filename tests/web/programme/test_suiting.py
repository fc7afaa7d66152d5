"""When a session suits people in many zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from amphitheatre.web.programme.domain.suiting import Slot, awake, slots

SHANGHAI, BAMAKO, SAO_PAULO = (
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Africa/Bamako"),
    ZoneInfo("America/Sao_Paulo"),
)
DAY, LENGTH = date(2026, 11, 14), timedelta(minutes=100)


def at(hour: int, minute: int = 0, day: int = 14) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_the_african_session_is_found() -> None:
    best = slots(DAY, SHANGHAI, LENGTH, {BAMAKO: 29})
    assert best[0] == Slot(at(7), 29)  # 15:00 in Shanghai, 07:00 in Bamako
    assert Slot(at(8), 29) in best  # 16:00 in Shanghai, as the course has it
    assert all(awake(slot.starts, slot.starts + LENGTH, SHANGHAI) for slot in best)


def test_the_largest_group_decides() -> None:
    best = slots(DAY, SHANGHAI, LENGTH, {BAMAKO: 10, SAO_PAULO: 2})
    assert best[0].awake == 12
    assert best[0].starts == at(10)  # 07:00 in São Paulo, 18:00 in Shanghai


@pytest.mark.parametrize(
    ("starts", "minutes", "suits"),
    [
        (at(7), 60, True),
        (at(6, 59), 60, False),
        (at(21), 60, True),
        (at(21), 61, False),
        (at(21), 12 * 60, False),  # through the night
    ],
)
def test_waking_hours_are_from_seven_to_ten_in_the_evening(
    starts: datetime, minutes: int, suits: bool
) -> None:
    assert awake(starts, starts + timedelta(minutes=minutes), BAMAKO) is suits


def test_where_nobody_is_awake_together_it_says_how_many_are() -> None:
    assert slots(DAY, SHANGHAI, timedelta(hours=14), {SAO_PAULO: 3})[0].awake == 0


def test_a_day_on_which_clocks_are_set_back() -> None:
    belgrade = ZoneInfo("Europe/Belgrade")
    found = slots(date(2026, 10, 25), belgrade, timedelta(hours=1), {belgrade: 1}, most=100)
    assert found[0].starts == datetime(2026, 10, 25, 6, tzinfo=UTC)  # 07:00, in winter time already
    assert len(found) == 29
