"""What the office reads of how a registration came to be as it is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.models import Capacity, Mode, Registration, State, StateChange
from amphitheatre.web.ui import times
from amphitheatre.web.ui.zones import zone
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, make_doctor, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def institution() -> Institution:
    return make_institution()


@pytest.fixture
def auditor() -> User:
    return User.objects.create_user(
        "audit@example.org", role=AccountRole.SECRETARIAT, time_zone="Africa/Bamako"
    )


def rows(page: str) -> list[list[str]]:
    """The cells of the page's table."""
    found = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in found]


def inspect(who: User, registration: Registration) -> str:
    path = f"/office/snippets/registration/registration/inspect/{registration.pk}/"
    return client_of(who).get(path).content.decode()


def test_each_change_stands_with_its_time_and_who_made_it(
    course: Course, institution: Institution, auditor: User
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    by = User.objects.create_user("lea@example.org", name="Léa")
    first, second = (places.apply(course, make_doctor(number), institution, Mode.ONLINE) for number in (1, 2))
    places.confirm(first, by)
    places.confirm(second, by)
    places.cancel(first, by)
    changes = rows(inspect(auditor, second))
    assert [change[1:] for change in changes] == [
        ["—", "Applied", "doctor2@example.org"],
        ["Applied", "On the waiting list", "Léa · lea@example.org"],
        ["On the waiting list", "Confirmed", "by itself"],
    ]
    at = second.history.latest("at").at
    assert re.fullmatch(r".*, \d\d:\d\d Bamako · .*\d\d:\d\d Shanghai", changes[-1][0])
    assert times.zoned(at, zone("Africa/Bamako")) == changes[-1][0]


def test_times_go_by_the_clock_at_the_courses_place(
    course: Course, institution: Institution, auditor: User
) -> None:
    Course.objects.update(time_zone="America/Lima")
    registration = places.apply(course, make_doctor(), institution, Mode.ONLINE)
    assert "Lima" in rows(inspect(auditor, registration))[0][0]


def test_another_way_of_taking_part_is_no_other_state(
    course: Course, institution: Institution, auditor: User
) -> None:
    registration = places.confirm(places.apply(course, make_doctor(), institution, Mode.ONLINE), None)
    places.change_mode(registration, Mode.ON_SITE, auditor)
    assert rows(inspect(auditor, registration))[-1][1:3] == ["Confirmed", "takes part the other way"]


def test_where_nothing_was_noted_the_page_says_so(
    course: Course, institution: Institution, auditor: User
) -> None:
    registration = Registration.objects.create(course=course, person=make_doctor(), institution=institution)
    assert "Nothing was noted." in inspect(auditor, registration)


@pytest.mark.parametrize("role", [AccountRole.MODERATOR, AccountRole.EDITOR, AccountRole.COORDINATOR])
def test_it_is_read_by_the_office_alone(role: AccountRole, course: Course, institution: Institution) -> None:
    registration = places.apply(course, make_doctor(), institution, Mode.ONLINE)
    who = User.objects.create_user(f"{role}@example.org", role=role)
    assert "doctor1@example.org" not in inspect(who, registration)


@pytest.mark.parametrize("count", [1, 12])
def test_more_changes_need_no_more_queries(
    count: int, course: Course, institution: Institution, auditor: User
) -> None:
    registration = places.apply(course, make_doctor(), institution, Mode.ONLINE)
    for number in range(count):
        by = User.objects.create_user(f"{number}@example.org")
        StateChange.objects.create(
            registration=registration, before=State.APPLIED, after=State.CONFIRMED, by=by
        )
    who = client_of(auditor)
    path = f"/office/snippets/registration/registration/inspect/{registration.pk}/"
    with CaptureQueriesContext(connection) as found:
        assert len(rows(who.get(path).content.decode())) == count + 1
    assert len(found) < 26
