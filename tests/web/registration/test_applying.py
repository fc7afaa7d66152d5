"""A doctor asks for a place: once, for the own institution, whose coordinator hears of it and decides."""

from datetime import date

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import change_mode
from amphitheatre.web.registration.models import Mode, Registration, State
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db(transaction=True)
APPLY = "/courses/course/apply/"


@pytest.fixture(autouse=True)
def _course_to_come(course: Course) -> None:
    Course.objects.update(last_day=date(2999, 1, 1))


@pytest.fixture
def doctor(institution: Institution) -> User:
    person = User.objects.create_user("doctor@example.org", name="Aminata", profession="doctor")
    Affiliation.objects.create(person=person, institution=institution)
    return person


def test_asking_twice_is_once_and_the_coordinator_hears_of_it(
    doctor: User, institution: Institution, mailoutbox: list[EmailMessage]
) -> None:
    acting = User.objects.create_user("c@example.org", role=AccountRole.COORDINATOR, preferred_language="fr")
    Affiliation.objects.create(person=acting, institution=institution, coordinator=True)
    client = client_of(doctor)
    assert APPLY in client.get("/courses/course/").content.decode()
    client.post(APPLY, {"mode": "online"})
    assert APPLY not in client.get("/courses/course/").content.decode()
    assert client.post(APPLY, {"mode": "on-site"}).status_code == 403
    (asked,) = Registration.objects.all()
    assert (asked.state, asked.mode, asked.institution) == (State.APPLIED, "online", institution)
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    (letter,) = Letter.objects.all()
    assert (letter.to, letter.subject) == ("c@example.org", "Une place est demandée : Course")
    assert "Aminata demande une place" in mailoutbox[0].body
    client_of(acting).post(f"/courses/course/doctors/{asked.pk}/", {"decision": "confirm"})
    asked.refresh_from_db()
    assert asked.state == State.CONFIRMED
    client_of(acting).post(f"/courses/course/doctors/{asked.pk}/", {"decision": "cancel", "sure": "1"})
    client.post(APPLY, {"mode": "on-site"})  # again
    asked.refresh_from_db()
    assert (asked.state, asked.mode) == (State.APPLIED, "on-site")


def test_who_can_not_ask(doctor: User) -> None:
    assert Client().post(APPLY, {"mode": "online"})["Location"].startswith("/accounts/login/")
    assert client_of(doctor).post(APPLY, {"mode": "by train"}).status_code == 403
    Affiliation.objects.update(until=timezone.now().date())
    assert client_of(doctor).post(APPLY, {"mode": "online"}).status_code == 403
    assert not Registration.objects.exists()


def test_nobody_asks_for_a_draft_or_for_what_is_over(doctor: User) -> None:
    Course.objects.update(published=None)
    assert client_of(doctor).post(APPLY, {"mode": "online"}).status_code == 404
    Course.objects.update(published=timezone.now(), last_day=date(2026, 11, 10))
    assert client_of(doctor).post(APPLY, {"mode": "online"}).status_code == 403


def test_where_nobody_acts_for_the_institution_the_secretariat_decides(doctor: User) -> None:
    User.objects.create_user("office@example.org", role=AccountRole.SECRETARIAT)
    User.objects.create_user("gone@example.org", role=AccountRole.SECRETARIAT, is_active=False)
    client_of(doctor).post(APPLY, {"mode": "online"})
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert [letter.to for letter in Letter.objects.all()] == ["office@example.org"]


def test_nobody_is_asked_to_decide_on_themselves(doctor: User) -> None:
    doctor.affiliations.update(coordinator=True)
    User.objects.create_user("director@example.org", role=AccountRole.DIRECTOR)
    client_of(doctor).post(APPLY, {"mode": "online"})
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert [letter.to for letter in Letter.objects.all()] == ["director@example.org"]


def test_taking_part_the_other_way_is_no_new_application(doctor: User, institution: Institution) -> None:
    acting = User.objects.create_user("c@example.org")
    Affiliation.objects.create(person=acting, institution=institution, coordinator=True)
    client_of(doctor).post(APPLY, {"mode": "online"})
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    change_mode(Registration.objects.get(), Mode.ON_SITE, acting)
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert Letter.objects.count() == 1
