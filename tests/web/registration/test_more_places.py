"""When there are more places than before, those who wait get them, by the worker."""

import pytest
from django.core.management import call_command

from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import confirm
from amphitheatre.web.registration.models import Capacity, Mode, Quota, Registration
from amphitheatre.web.registration.tasks import keep_tidy
from tests.web.registration.conftest import register
from tests.web.registration.test_places import states

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)


def test_more_places_are_given_to_those_who_wait(course: Course, institution: Institution) -> None:
    capacity = Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    quota = Quota.objects.create(course=course, institution=institution, places=2)
    for number in range(4):
        confirm(register(course, institution, number), None)
    capacity.places = 3
    capacity.save()
    work()
    assert states(course) == ["confirmed", "confirmed", "waiting", "waiting"]
    quota.delete()
    work()
    assert states(course) == ["confirmed", "confirmed", "confirmed", "waiting"]
    capacity.delete()
    work()
    assert states(course) == ["confirmed"] * 4


def test_a_course_that_is_taken_away_gives_nobody_a_place(course: Course, institution: Institution) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=0)
    confirm(register(course, institution), None)
    course.delete()
    work()
    assert not Registration.objects.exists()


def test_what_a_killed_worker_left_is_done_by_the_next_one(course: Course, institution: Institution) -> None:
    capacity = Capacity.objects.create(course=course, mode=Mode.ONLINE, places=0)
    confirm(register(course, institution), None)
    Capacity.objects.filter(pk=capacity.pk).update(places=1)  # nobody hears of it
    keep_tidy.enqueue()  # as a worker does when it starts
    work()
    assert states(course) == ["confirmed"]
