"""What people say for themselves: yes or no to an invitation, that they do not come, that they come online."""

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import invite_all
from amphitheatre.web.registration.models import Capacity, Mode, Registration, State
from tests.web.conftest import client_of
from tests.web.registration.conftest import register

pytestmark = pytest.mark.django_db(transaction=True)


def say(registration: Registration, **fields: str) -> str:
    """Says it as the person themselves; the page that is shown then."""
    answer = client_of(registration.person).post(f"/me/{registration.pk}/", fields, follow=True)
    registration.refresh_from_db()
    return answer.content.decode()


@pytest.fixture
def invited(course: Course, institution: Institution) -> Registration:
    (one,) = invite_all(course, [register(course, institution)], None)
    return one


def test_an_invitation_comes_by_letter_and_is_taken_on_the_persons_page(
    invited: Registration, mailoutbox: list[EmailMessage]
) -> None:
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    (letter,) = mailoutbox
    assert letter.subject == "You are invited: Course"
    assert "/accounts/invitation/" in letter.body
    assert "/me/" in letter.body
    page = client_of(invited.person).get("/me/").content.decode()
    assert "Yes, I take part" in page
    assert "Operation 0" not in page  # not theirs yet
    assert "You have a place." in say(invited, decision="accept")
    assert invited.state == State.CONFIRMED


def test_who_says_yes_too_late_waits(invited: Registration) -> None:
    Capacity.objects.create(course=invited.course, mode=Mode.ONLINE, places=0)
    assert "on the waiting list" in say(invited, decision="accept")
    assert invited.state == State.WAITING


@pytest.mark.parametrize("state", [State.INVITED, State.APPLIED, State.CONFIRMED, State.WAITING])
def test_not_to_come_is_asked_once_and_told(
    invited: Registration, state: State, mailoutbox: list[EmailMessage]
) -> None:
    Registration.objects.update(state=state)
    page = say(invited, decision="give-up")
    assert ("goes at once to whoever has waited longest" in page) is (state == State.CONFIRMED)
    assert invited.state == state
    say(invited, decision="give-up", sure="1")
    assert invited.state == State.CANCELLED
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert "as you have told us" in mailoutbox[-1].body


def test_nobody_takes_what_they_were_not_offered(course: Course, institution: Institution) -> None:
    one = register(course, institution)
    client = client_of(one.person)
    for decision in ("confirm", "on-site", "attend", ""):
        assert client.post(f"/me/{one.pk}/", {"decision": decision}).status_code == 403
    one.refresh_from_db()
    assert one.state == State.APPLIED


def test_nobody_answers_for_somebody_else(
    invited: Registration, course: Course, institution: Institution
) -> None:
    other = client_of(register(course, institution, 2).person)
    assert other.post(f"/me/{invited.pk}/", {"decision": "accept"}).status_code == 404
    assert (
        Client().post(f"/me/{invited.pk}/", {"decision": "accept"})["Location"].startswith("/accounts/login/")
    )


def test_read_again_or_said_twice_it_is_the_persons_page(invited: Registration) -> None:
    """In another language, after signing in, by a double click."""
    assert client_of(invited.person).get(f"/me/{invited.pk}/")["Location"] == "/me/"
    say(invited, decision="accept")
    assert "This is how it stands now" in say(invited, decision="accept")
    assert invited.state == State.CONFIRMED


def test_of_a_course_that_is_cancelled_it_is_said_and_nothing_is_asked(invited: Registration) -> None:
    Course.objects.update(cancelled=True)
    page = client_of(invited.person).get("/me/").content.decode()
    assert "This course is cancelled" in page
    assert 'name="decision"' not in page
    assert "not possible any more" in say(invited, decision="accept")


def test_online_instead_of_on_site(course: Course, institution: Institution) -> None:
    one = register(course, institution, state=State.CONFIRMED, mode=Mode.ON_SITE)
    assert "You take part online." in say(one, decision="online")
    assert (one.mode, one.state) == ("online", State.CONFIRMED)


def test_when_the_course_is_over_nothing_is_given_up(invited: Registration) -> None:
    Course.objects.update(first_day="2020-01-01", last_day="2020-01-02")
    assert "not possible any more" in say(invited, decision="give-up", sure="1")
    assert invited.state == State.INVITED
    assert "/me/1" not in client_of(invited.person).get("/me/").content.decode()


def test_a_place_in_a_draft_shows_nothing_of_it(course: Course, institution: Institution) -> None:
    Course.objects.update(published=None)
    one = register(course, institution, state=State.CONFIRMED)
    page = client_of(one.person).get("/me/").content.decode()
    assert "Operation 0" not in page
    assert "/courses/course/" not in page
    assert "BEGIN:VEVENT" not in Client().get(f"/calendars/{one.person.calendar_key}.ics").content.decode()
