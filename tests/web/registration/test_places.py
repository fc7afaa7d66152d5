"""A place is given once, and passed on to whoever has waited longest and fits it."""

from datetime import date, timedelta

import pytest

from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import (
    NoPlaceError,
    NotPossibleError,
    NotProfessionalError,
    attend,
    cancel,
    change_mode,
    confirm,
    invite_all,
    promote,
    readmit,
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


def test_taking_part_the_other_way_passes_the_place_on(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ON_SITE, places=1)
    first = confirm(register(course, institution, 1, mode=Mode.ON_SITE), None)
    second = confirm(register(course, institution, 2, mode=Mode.ON_SITE), None)
    assert second.state == State.WAITING
    change_mode(first, Mode.ONLINE, None)
    assert states(course) == ["confirmed", "confirmed"]
    with pytest.raises(NoPlaceError):
        change_mode(first, Mode.ON_SITE, None)
    first.refresh_from_db()
    assert (first.state, first.mode) == (State.CONFIRMED, Mode.ONLINE)


def test_an_institution_at_its_quota_still_changes_how_its_doctors_take_part(
    course: Course, institution: Institution
) -> None:
    Quota.objects.create(course=course, institution=institution, places=1)
    one = confirm(register(course, institution), None)
    assert change_mode(one, Mode.ON_SITE, None).mode == Mode.ON_SITE


def test_who_waits_for_a_place_on_site_may_have_one_online(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ON_SITE, places=0)
    one = confirm(register(course, institution, mode=Mode.ON_SITE), None)
    change_mode(one, Mode.ONLINE, None)
    assert states(course) == ["confirmed"]


def test_who_is_invited_holds_no_place_until_they_say_yes(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    invited, other = register(course, institution, 1), register(course, institution, 2)
    (invited,) = invite_all(course, [invited], None)
    assert invited.state == State.INVITED
    assert confirm(other, None).state == State.CONFIRMED
    assert confirm(invited, None).state == State.WAITING
    with pytest.raises(NotPossibleError):
        invite_all(course, [invited], None)


def test_who_says_yes_waits_behind_those_who_wait_already(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=0)
    (invited,) = invite_all(course, [register(course, institution, 1)], None)
    waits = confirm(register(course, institution, 2), None)
    confirm(invited, None)
    Capacity.objects.update(places=1)
    assert [one.pk for one in promote(course)] == [waits.pk]


def test_of_a_course_that_is_cancelled_no_place_is_given(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    held, _ = [confirm(register(course, institution, number), None) for number in range(2)]
    asked = register(course, institution, 2)
    Course.objects.update(cancelled=True)
    with pytest.raises(NotPossibleError):
        confirm(asked, None)
    cancel(held, None)
    assert states(course) == ["cancelled", "waiting", "applied"]


def test_places_that_become_free_are_for_those_who_may_see_operations_and_come_in(
    course: Course, institution: Institution
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=0)
    lay, left, _ = [confirm(register(course, institution, number), None) for number in range(3)]
    type(lay.person).objects.filter(pk=lay.person_id).update(profession="other")
    type(left.person).objects.filter(pk=left.person_id).update(is_active=False)
    Capacity.objects.update(places=9)
    promote(course)
    assert states(course) == ["waiting", "waiting", "confirmed"]


def test_what_stood_when_the_course_was_over_stays(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    held, waits = [confirm(register(course, institution, number), None) for number in range(2)]
    gone = register(course, institution, 2, State.CANCELLED)
    asked = register(course, institution, 3)
    Course.objects.update(last_day=course.today - timedelta(days=1))
    for verb, one in (
        (cancel, held),
        (confirm, asked),
        (readmit, gone),
        (lambda one, by: change_mode(one, Mode.ON_SITE, by), held),
    ):
        with pytest.raises(NotPossibleError):
            verb(Registration.objects.select_related("course").get(pk=one.pk), None)
    Capacity.objects.update(places=9)
    assert promote(course) == []
    assert attend(Registration.objects.select_related("course").get(pk=held.pk), None).state == State.ATTENDED
    assert states(course) == ["attended", "waiting", "cancelled", "applied"]
    assert waits.state == State.WAITING
