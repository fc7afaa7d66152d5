"""A place is given once, and passed on to whoever has waited longest and fits it."""

from datetime import date

import pytest

from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import (
    NotPossibleError,
    NotProfessionalError,
    attend,
    cancel,
    confirm,
    promote,
)
from amphitheatre.web.registration.models import Capacity, Mode, Quota, Registration, State
from amphitheatre.web.registration.queries import figures
from tests.web.registration.conftest import make_doctor, make_institution, register


def states(course: Course) -> list[str]:
    return list(course.registrations.order_by("pk").values_list("state", flat=True))


def test_without_a_limit_everybody_gets_a_place(course: Course, institution: Institution) -> None:
    for number in range(3):
        assert confirm(register(course, institution, number), None).state == State.CONFIRMED


def test_when_all_places_are_taken_one_waits_and_the_first_goes_first(
    course: Course, institution: Institution
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    first, second, third = [register(course, institution, number) for number in range(3)]
    for one in (first, second, third):
        confirm(one, None)
    assert states(course) == ["confirmed", "waiting", "waiting"]
    cancel(first, None)
    assert states(course) == ["cancelled", "confirmed", "waiting"]
    Capacity.objects.update(places=2)
    assert [one.pk for one in promote(course)] == [third.pk]
    assert states(course) == ["cancelled", "confirmed", "confirmed"]


def test_places_on_site_are_not_those_online(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ON_SITE, places=0)
    assert confirm(register(course, institution, 1, mode=Mode.ON_SITE), None).state == State.WAITING
    assert confirm(register(course, institution, 2), None).state == State.CONFIRMED


def test_an_institution_at_its_quota_holds_up_no_other(course: Course, institution: Institution) -> None:
    other = make_institution("suva", "FJ", "Oceania")
    Quota.objects.create(course=course, institution=institution, places=1)
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=2)
    first = confirm(register(course, institution, 1), None)
    waits = confirm(register(course, institution, 2), None)
    leaves = confirm(register(course, other, 3), None)
    comes = confirm(register(course, other, 4), None)
    assert [one.state for one in (first, waits, leaves, comes)] == [
        "confirmed",
        "waiting",
        "confirmed",
        "waiting",
    ]
    cancel(leaves, None)
    assert states(course) == ["confirmed", "waiting", "cancelled", "confirmed"]


@pytest.mark.parametrize("profession", [Profession.OTHER, ""])
def test_operations_have_no_lay_audience(course: Course, institution: Institution, profession: str) -> None:
    person = make_doctor(1, profession)
    registration = Registration.objects.create(course=course, person=person, institution=institution)
    with pytest.raises(NotProfessionalError):
        confirm(registration, None)
    assert states(course) == ["applied"]
    course.sessions.all().delete()
    assert confirm(registration, None).state == State.CONFIRMED


@pytest.mark.parametrize("state", [State.CONFIRMED, State.WAITING, State.CANCELLED, State.ATTENDED])
def test_what_is_decided_is_not_confirmed_again(
    course: Course, institution: Institution, state: State
) -> None:
    registration = register(course, institution, state=state)
    with pytest.raises(NotPossibleError):
        confirm(registration, None)


@pytest.mark.parametrize("state", [State.CANCELLED, State.ATTENDED])
def test_what_is_over_is_not_cancelled(course: Course, institution: Institution, state: State) -> None:
    with pytest.raises(NotPossibleError):
        cancel(register(course, institution, state=state), None)


def test_an_old_page_decides_by_what_is_so_now(course: Course, institution: Institution) -> None:
    registration = register(course, institution)
    stale = Registration.objects.get(pk=registration.pk)
    cancel(registration, None)
    with pytest.raises(NotPossibleError):
        confirm(stale, None)


def test_it_is_written_down_who_did_what(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    decider = make_doctor(9)
    first, second = register(course, institution, 1), register(course, institution, 2)
    for one in (first, second):
        confirm(one, decider)
    cancel(first, decider)
    assert list(second.history.values_list("before", "after", "by")) == [
        ("applied", "waiting", decider.pk),
        ("waiting", "confirmed", None),
    ]


@pytest.mark.parametrize(
    ("state", "begins", "possible"),
    [
        (State.CONFIRMED, date(2026, 1, 1), True),
        (State.CONFIRMED, date(2999, 1, 1), False),
        (State.WAITING, date(2026, 1, 1), False),
        (State.CANCELLED, date(2026, 1, 1), False),
        (State.ATTENDED, date(2026, 1, 1), False),
    ],
    ids=str,
)
def test_who_had_a_place_in_a_course_that_has_begun_may_have_been_there(
    course: Course, institution: Institution, state: State, begins: date, possible: bool
) -> None:
    Course.objects.update(first_day=begins, last_day=date(2999, 12, 31))
    registration = register(course, institution, 1, state)
    if possible:
        assert attend(registration, None).state == State.ATTENDED
        assert figures(course)["attended"].participants == 1
    else:
        with pytest.raises(NotPossibleError):
            attend(registration, None)
        assert states(course) == [state]
