"""The page on which whoever plans looks for a time that suits those for whom a session is."""

import re
from datetime import date, time

import pytest
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution, Membership
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.registration.models import State
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(course: Course) -> Session:
    """In the morning of Shanghai, the night of Bamako."""
    return course.sessions.get()


@pytest.fixture
def secretary() -> Client:
    client = signed_in(AccountRole.SECRETARIAT)
    client.get("/")  # the first visit is noted
    return client


def institution(slug: str, continent: str, zone: str, member: bool = True) -> Institution:
    found = make_institution(slug, continent=continent)
    Institution.objects.filter(pk=found.pk).update(time_zone=zone)
    if member:
        Membership.objects.create(institution=found, joined=date(2022, 1, 1))
    return found


def look(client: Client, session: Session, query: str = "", language: str = "en") -> str:
    address = f"/courses/course/sessions/{session.pk}/suits/{query}"
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def rows(page: str) -> list[list[str]]:
    """Of all tables, as text."""
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in found]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (AccountRole.DIRECTOR, 200),
        (AccountRole.SECRETARIAT, 200),
        (AccountRole.MODERATOR, 403),
        (AccountRole.PARTICIPANT, 403),
    ],
)
def test_it_is_for_those_who_plan(session: Session, role: AccountRole, status: int) -> None:
    path = f"/courses/course/sessions/{session.pk}/suits/"
    assert signed_in(role).get(path).status_code == status
    assert Client().get(path).status_code == 302


def test_a_session_of_another_course_is_not_found(secretary: Client, course: Course) -> None:
    other = make_course("other").sessions.get()
    assert secretary.get(f"/courses/course/sessions/{other.pk}/suits/").status_code == 404


def test_it_shows_what_the_clocks_of_those_who_come_show(secretary: Client, session: Session) -> None:
    bamako = institution("bamako", "Africa", "Africa/Bamako")
    singapore = institution("singapore", "Asia", "Asia/Singapore")
    register(session.course, bamako, 1, State.CONFIRMED)
    register(session.course, bamako, 2, State.ATTENDED)
    register(session.course, bamako, 3, State.WAITING)
    register(session.course, singapore, 4, State.CONFIRMED)
    page = look(secretary, session)
    assert "3 of them have a place" in page
    assert ["Bamako", "Mon 9 Nov 00:30 – 01:30", "2", "no"] in rows(page)
    assert ["Singapore", "Mon 9 Nov 08:30 – 09:30", "1", "yes"] in rows(
        page
    )  # not Shanghai, whose clocks agree


def test_proposals_name_the_time_at_the_courses_place_and_where_the_group_lives(
    secretary: Client, session: Session
) -> None:
    register(session.course, institution("bamako", "Africa", "Africa/Bamako"), 1, State.CONFIRMED)
    table = rows(look(secretary, session))
    head = table.index(["Shanghai", "Bamako", "Awake"])
    assert table[head + 1] == ["15:00 – 16:00", "07:00 – 08:00", "1 of 1"]
    assert len(table) == head + 6


def test_where_not_all_are_awake_it_says_who_is_not_and_on_which_day(
    secretary: Client, session: Session
) -> None:
    for number, zone in enumerate(("Africa/Bamako", "Pacific/Fiji", "America/Los_Angeles")):
        place = institution(f"place-{number}", "Africa", zone)
        register(session.course, place, number, State.CONFIRMED)
    table = rows(look(secretary, session))
    head = table.index(["Shanghai", "Bamako", "Fiji", "Los Angeles", "Awake"])
    assert table[head + 1] == [
        "07:00 – 08:00",
        "Sun 8 Nov 23:00 – 00:00 (at night)",
        "11:00 – 12:00",
        "Sun 8 Nov 15:00 – 16:00",
        "2 of 3",
    ]


def test_clocks_that_agree_stand_once_and_the_readers_is_among_them(
    secretary: Client, session: Session
) -> None:
    zones = ("Africa/Bamako", "Africa/Dakar", "Asia/Singapore", "Asia/Kolkata", "Asia/Tokyo", "Asia/Dhaka")
    for number, zone in enumerate(zones):
        register(session.course, institution(f"place-{number}", "Africa", zone), number, State.CONFIRMED)
    User.objects.filter(role=AccountRole.SECRETARIAT).update(time_zone="Europe/Paris")
    page = look(secretary, session)
    assert ["Shanghai", "Paris", "Bamako", "Kolkata", "Awake"] in rows(page)
    assert "Mon 9 Nov, 01:30 – 02:30 Paris · 08:30 – 09:30 Shanghai" in page


def test_a_group_is_looked_at_alone_the_sessions_own_first(secretary: Client, session: Session) -> None:
    register(session.course, institution("bamako", "Africa", "Africa/Bamako"), 1, State.CONFIRMED)
    register(session.course, institution("suva", "Oceania", "Pacific/Fiji"), 2, State.CONFIRMED)
    assert ["Fiji", "Mon 9 Nov 12:30 – 13:30", "1", "yes"] in rows(look(secretary, session))
    Session.objects.update(audience="Africa")
    for query, chosen, there in [
        ("", "Africa", ["Bamako"]),
        ("?group=Oceania", "Oceania", ["Fiji"]),
        ("?group=", None, ["Bamako", "Fiji"]),
        ("?group=Atlantis", None, ["Bamako", "Fiji"]),
    ]:
        page = look(secretary, session, query)
        assert re.findall(r'<option value="([^"]*)" selected', page) == ([chosen] if chosen else [])
        places = [row[0] for row in rows(page) if len(row) == 4 and row[3] in ("yes", "no")]
        assert sorted(places) == there


def test_before_anybody_is_registered_the_alliances_institutions_are_counted(
    secretary: Client, session: Session
) -> None:
    institution("bamako", "Africa", "Africa/Bamako")
    left = institution("left", "Africa", "Africa/Cairo")
    Membership.objects.filter(institution=left).update(left=timezone.localdate())
    institution("never", "Africa", "Africa/Lagos", member=False)
    suva = institution("suva", "Oceania", "Pacific/Fiji")
    page = look(secretary, session, "?group=Africa")
    assert "None of them has a place yet. So 1 institution that is in the alliance now" in page
    table = rows(page)
    assert table[0] == ["Place", "Time there", "Institutions", "Awake"]
    assert table[1:2] == [["Bamako", "Mon 9 Nov 00:30 – 01:30", "1", "no"]]
    assert ["15:00 – 16:00", "07:00 – 08:00", "1 of 1"] in table
    register(session.course, suva, 1, State.CONFIRMED)
    assert "So 1 institution that is in the alliance now" in look(
        secretary, session, "?group=Africa"
    )  # of Africa nobody yet
    assert "1 of them has a place" in look(secretary, session, "?group=Oceania")


def test_where_there_is_nobody_at_all_it_says_what_to_do(secretary: Client, session: Session) -> None:
    page = look(secretary, session, "?group=Europe")
    assert "Choose another group" in page
    assert "<table" not in page


def test_a_session_longer_than_a_waking_day_has_no_proposals(secretary: Client, session: Session) -> None:
    institution("bamako", "Africa", "Africa/Bamako")
    Session.objects.update(minutes=16 * 60, begins=time(7))
    assert "longer than the hours from 7 to 22" in look(secretary, session)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["When does this suit?", "Africa", "The best times that day", "1 of 1"]),
        ("fr", ["Quand cela convient-il", "Afrique", "Les meilleures heures ce jour-là", "1 sur 1"]),
        ("zh-Hans", ["什么时间合适？", "非洲", "当天最合适的时间", "家机构"]),
    ],
)
def test_it_speaks_the_readers_language(
    secretary: Client, session: Session, language: str, words: list[str]
) -> None:
    institution("bamako", "Africa", "Africa/Bamako")
    page = look(secretary, session, "?group=Africa", language)
    for word in words:
        assert word in page


@pytest.mark.parametrize("count", [1, 20])
def test_it_asks_as_often_for_many_as_for_few(
    secretary: Client, session: Session, count: int, django_assert_num_queries: object
) -> None:
    zones = ("Africa/Bamako", "Pacific/Fiji", "America/Los_Angeles", "Europe/Paris")
    for number in range(count):
        register(
            session.course,
            institution(f"place-{number}", "Africa", zones[number % 4]),
            number,
            State.CONFIRMED,
        )
    with django_assert_num_queries(7):
        look(secretary, session)
