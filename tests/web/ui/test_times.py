"""Times for people: each with its place, in their own zone first, in their language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from amphitheatre.web.ui import times

EVENING = datetime(2026, 11, 14, 20, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of other years are written otherwise."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


@pytest.mark.parametrize(
    ("language", "bamako", "shanghai"),
    [
        ("en", "14 Nov, 08:00 Bamako", "16:00 Shanghai"),
        ("fr", "14 nov., 08:00 Bamako", "16:00 Shanghai"),
        ("zh-hans", "08:00 巴马科", "16:00 上海"),
    ],
)
def test_both_places_are_named(language: str, bamako: str, shanghai: str) -> None:
    moment = EVENING.replace(hour=8, minute=0)
    with translation.override(language):
        shown = times.zoned(moment, ZoneInfo("Africa/Bamako"))
    assert f"{bamako} · {shanghai}" in shown


def test_the_day_is_said_again_where_it_is_another_one() -> None:
    with translation.override("en"):
        first, second = times.zoned(EVENING, ZoneInfo("Africa/Bamako")).split(" · ")
    assert "14 Nov, 20:05 Bamako" in first
    assert "15 Nov, 04:05 Shanghai" in second


@pytest.mark.parametrize("own", [None, ZoneInfo("Asia/Singapore")])
def test_one_time_is_enough_where_both_clocks_show_the_same(own: ZoneInfo | None) -> None:
    assert [place.zone for place in times.places(EVENING, own)] == ["Asia/Shanghai"]


def test_another_year_is_named() -> None:
    with translation.override("en"):
        assert times.day(datetime(2019, 3, 2, 3, tzinfo=UTC)) == "2 Mar 2019"


@pytest.mark.parametrize(
    ("cookie", "zone"),
    [
        ("Africa/Bamako", "Africa/Bamako"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("", None),
        ("Mars/Olympus", None),
        ("Africa", None),
        ("../../etc/passwd", None),
        ("/etc/localtime", None),
        ("A" * 500, None),
        ("Africa/Bamako\n", None),
    ],
)
def test_a_readers_zone_is_taken_only_when_there_is_such_a_zone(cookie: str, zone: str | None) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[times.COOKIE] = cookie
    assert getattr(times.own_zone(request), "key", None) == zone


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-1, "0 s"), (45, "45 s"), (60, "1 min"), (3599, "59 min"), (6000, "1 h 40 min")]
)
def test_lengths_in_words(seconds: int, shown: str) -> None:
    with translation.override("en"):
        assert times.lasting(timedelta(seconds=seconds)) == shown
