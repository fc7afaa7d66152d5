"""Two hundred requests at once never take more places than there are, on either database."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import cancel, confirm
from amphitheatre.web.registration.models import Capacity, Mode, Registration, State
from tests.web.registration.conftest import make_course, make_institution

CROWD, PLACES, AT_ONCE = 200, 50, 50  # AT_ONCE: as many as PostgreSQL takes connections


@pytest.fixture
def crowd(transactional_db: None) -> list[Registration]:
    course, institution = make_course(), make_institution()
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=PLACES)
    people = User.objects.bulk_create(
        User(email=f"{number}@example.org", profession=Profession.DOCTOR) for number in range(CROWD)
    )
    return Registration.objects.bulk_create(
        Registration(course=course, institution=institution, person=person) for person in people
    )


def at_once(asked: Sequence[tuple[Callable[..., Registration], Registration]]) -> None:
    """All of them, each in a thread with a connection of its own; the first ones start together."""
    start = Barrier(AT_ONCE)

    def ask(number: int) -> None:
        verb, registration = asked[number]
        try:
            if number < AT_ONCE:
                start.wait(120)
            verb(registration, None)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(ask, range(len(asked))))


def counted() -> Counter[str]:
    return Counter(Registration.objects.values_list("state", flat=True))


def test_two_hundred_at_once_share_no_place(crowd: list[Registration]) -> None:
    at_once([(confirm, one) for one in crowd])
    assert counted() == {"confirmed": PLACES, "waiting": CROWD - PLACES}


def test_places_that_are_given_up_at_once_are_passed_on_once(crowd: list[Registration]) -> None:
    first, later = crowd[: CROWD // 2], crowd[CROWD // 2 :]
    at_once([(confirm, one) for one in first])
    leaving = list(Registration.objects.filter(state=State.CONFIRMED)[:25])
    asked = [(confirm, one) for one in later]
    for number, one in enumerate(leaving):
        asked.insert(number * 4, (cancel, one))
    at_once(asked)
    assert counted() == {"confirmed": PLACES, "waiting": CROWD - PLACES - 25, "cancelled": 25}
    assert Course.objects.get().registrations.filter(state=State.CONFIRMED).count() == PLACES
