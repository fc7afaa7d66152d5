"""The alliance's public page: who belongs to it now, by continent."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.web.alliance.models import Institution, Membership, Place
from amphitheatre.web.alliance.queries import members, zones_of_members
from tests.web.registration.conftest import make_institution


def member(slug: str, place: Place = Place.MEMBER, left: date | None = None, **facts: str) -> Institution:
    institution = make_institution(slug, **facts)
    Membership.objects.create(institution=institution, place=place, joined=date(2022, 1, 1), left=left)
    return institution


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_database_as_often_for_many_as_for_one(
    db: None, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        member(f"hospital-{number}")
    with django_assert_num_queries(1):
        assert Client().get("/alliance/").status_code == 200


def test_those_who_have_left_are_not_there_and_those_who_leave_are_until_that_day(db: None) -> None:
    today = timezone.localdate()
    member("stays")
    member("gone", left=today)
    member("going", left=today + timedelta(days=1))
    page = Client().get("/alliance/").content.decode()
    assert ("Stays" in page, "Gone" in page, "Going" in page) == (True, False, True)


def test_the_chair_comes_first(db: None) -> None:
    member("amber")
    member("zenith", Place.CHAIR)
    page = Client().get("/alliance/").content.decode()
    assert page.index("Zenith") < page.index("Amber")


def test_an_institution_whose_memberships_overlap_is_there_once_as_what_it_is_now(db: None) -> None:
    """The old one ends at the end of the year, and the new one has begun."""
    today = timezone.localdate()
    changing = member("changing", Place.OBSERVER, left=today + timedelta(days=30))
    member("other")
    Membership.objects.create(institution=changing, place=Place.VICE_CHAIR, joined=today)
    page = Client().get("/alliance/").content.decode()
    assert page.count('<p class="person__name">Changing') == 1
    assert ("Vice-chair" in page, "Observer" in page) == (True, False)
    assert page.index("Changing") < page.index("Other")
    yesterday = members(today - timedelta(days=1))
    assert [one.place for one in yesterday if one.institution == changing] == [Place.OBSERVER]


def test_zones_of_members_are_counted_by_continent(db: None) -> None:
    today = timezone.localdate()
    member("one")
    member("two")
    member("gone", left=today)
    member("suva", continent="Oceania")
    assert zones_of_members(today, "Africa") == {ZoneInfo("Africa/Bamako"): 2}
    assert zones_of_members(today).total() == 3


def test_an_empty_alliance_says_so(db: None) -> None:
    assert "no institution" in Client().get("/alliance/").content.decode()


def test_its_members_are_on_the_map_where_that_is_known(db: None) -> None:
    there = member("hangzhou")
    Institution.objects.filter(pk=there.pk).update(latitude=30.25, longitude=120.5)
    member("somewhere")
    for language in ("en", "fr"):  # a decimal comma would be no number to the browser
        page = Client(headers={"Accept-Language": language}).get("/alliance/").content.decode()
        assert page.count('<circle cx="300.5"') == page.count('r="2"') == 1
        assert 'cy="59.75"' in page
