"""Who is written to when a registration changes, in which words, and how often."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.enrolment import enrol
from amphitheatre.web.registration.domain.places import cancel, confirm
from amphitheatre.web.registration.domain.roster import Candidate
from amphitheatre.web.registration.models import Capacity, Mode, StateChange
from tests.web.registration.conftest import register

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> list[Letter]:
    """All letters, once the worker has nothing left to do."""
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    return list(Letter.objects.order_by("written"))


def test_a_place_is_told_once(course: Course, institution: Institution) -> None:
    confirm(register(course, institution), None)
    assert [one.subject for one in work()] == ["You have a place: Course"]
    StateChange.objects.update(told=None)  # as if the worker had died in between
    assert len(work()) == 1


def test_the_letter_lets_a_new_doctor_in(course: Course, institution: Institution, mailoutbox: list) -> None:
    director = User.objects.create_user("director@example.org")
    doctor = Candidate(
        row=2,
        name="Aminata Traoré",
        latin_name="",
        email="aminata@example.org",
        profession="doctor",
        speciality="",
        licence_number="",
        languages=["fr"],
        mode=Mode.ONLINE,
    )
    enrol(course, institution, [doctor], director)
    work()
    (letter,) = mailoutbox
    assert letter.subject == "Vous avez une place : Course"
    assert "Bonjour Aminata Traoré" in letter.body
    assert "9 nov. 2026" in letter.body
    link = re.search(r"http://[^/]+(/accounts/invitation/\S+)", letter.body)
    assert link is not None
    assert Client().post(link[1], {"password": "five words in a row"})["Location"] == "/me/"


def test_whoever_has_a_password_gets_no_invitation(
    course: Course, institution: Institution, mailoutbox: list
) -> None:
    registration = register(course, institution)
    registration.person.set_password("five words in a row")
    registration.person.save()
    confirm(registration, None)
    work()
    assert "/invitation/" not in mailoutbox[0].body
    assert "/me/" in mailoutbox[0].body


def test_what_was_overtaken_is_not_told(course: Course, institution: Institution) -> None:
    registration = confirm(register(course, institution), None)
    cancel(registration, None)
    assert [one.subject for one in work()] == ["Your registration is cancelled: Course"]


def test_a_place_that_becomes_free_is_told_to_who_gets_it(
    course: Course, institution: Institution, mailoutbox: list
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    first = confirm(register(course, institution, 1), None)
    confirm(register(course, institution, 2), None)
    work()
    assert [one.subject for one in mailoutbox] == [
        "You have a place: Course",
        "You are on the waiting list: Course",
    ]
    cancel(first, None)
    work()
    assert {(one.to[0], one.subject) for one in mailoutbox[2:]} == {
        ("doctor1@example.org", "Your registration is cancelled: Course"),
        ("doctor2@example.org", "You have a place: Course"),
    }
    assert any("A place has become free" in one.body for one in mailoutbox[2:])


def test_a_name_is_text_and_nothing_else(course: Course, institution: Institution, mailoutbox: list) -> None:
    registration = register(course, institution)
    registration.person.name = "N'Diaye & {{ 7 }} <b>"
    registration.person.save()
    confirm(registration, None)
    work()
    assert "N'Diaye & {{ 7 }} <b>" in mailoutbox[0].body


def test_whoever_has_left_is_not_written_to(course: Course, institution: Institution) -> None:
    registration = confirm(register(course, institution), None)
    User.objects.filter(pk=registration.person_id).update(is_active=False)
    assert work() == []
