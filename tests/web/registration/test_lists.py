"""What a list of doctors may do, and what it says before it does it; one doctor is a list of one."""

import csv
from datetime import timedelta

import pytest
from django.test import Client

from amphitheatre.web.accounts.domain.own_data import forget
from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.roster import roster
from amphitheatre.web.registration.domain.sheet import rows
from amphitheatre.web.registration.models import Capacity, Mode, Registration, State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_institution, register
from tests.web.registration.test_doctors import DOCTORS, LIST, SHEET, client, coordinator, send

__all__ = ["client", "coordinator"]  # fixtures
ADD = f"{DOCTORS}add/"
ONE = {
    "name": "Aminata Traoré",
    "email": "aminata@example.org",
    "profession": "doctor",
    "languages": "fr",
    "mode": "on-site",
}


def at(institution: Institution, email: str = "aminata@example.org", profession: str = "doctor") -> User:
    """An account of somebody who belongs there."""
    person = User.objects.create_user(email, profession=profession)
    Affiliation.objects.create(person=person, institution=institution)
    return person


def test_a_doctor_of_another_institution_is_registered_by_that_one(
    course: Course, institution: Institution, client: Client
) -> None:
    at(make_institution("hangzhou", "CN", "Asia"))
    preview = send(client, institution)
    page = client.get(preview).content.decode()
    assert "aminata@example.org belongs to another institution" in page
    assert "<td>2</td>" in page
    client.post(preview)
    assert not Registration.objects.exists()


def test_one_of_two_institutions_or_of_none_any_more_is_taken(
    course: Course, institution: Institution, client: Client
) -> None:
    doctor = at(make_institution("hangzhou", "CN", "Asia"))
    Affiliation.objects.create(person=doctor, institution=institution)
    left = at(make_institution("bern", "CH", "Europe"), "moussa@example.org")
    left.affiliations.update(until=course.today - timedelta(days=9))
    client.post(send(client, institution))
    assert Registration.objects.filter(institution=institution).count() == 2


def test_lay_people_are_named_with_their_rows(
    course: Course, institution: Institution, client: Client
) -> None:
    """What an account says counts, not the list; in a course without operations nobody asks."""
    at(institution, profession="other")
    sheet = f"{SHEET}Lay Person;lay@example.org;autre\n"
    page = client.get(send(client, institution, sheet)).content.decode()
    assert "The account of aminata@example.org names no profession" in page
    assert "<td>4</td><td>Operations are shown" in page
    course.sessions.update(kind="lecture")
    client.post(send(client, institution, sheet))
    assert Registration.objects.count() == 3


def test_it_says_beforehand_for_how_many_there_is_no_place(
    course: Course, institution: Institution, client: Client
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    page = client.get(send(client, institution)).content.decode()
    assert "There is no place for 1 of them" in page


def test_a_list_may_invite_instead(course: Course, institution: Institution, client: Client) -> None:
    register(course, institution, 7, State.CANCELLED)
    sheet = f"{SHEET}Back Again;doctor7@example.org;Médecin\n"
    preview = send(client, institution, sheet, invites="1")
    page = client.get(preview).content.decode()
    assert "they get an account and an invitation" in page
    assert "a place" not in page.split("<main")[1].split("</main")[0]
    answer = client.post(preview, follow=True).content.decode()
    assert "3 doctors are invited." in answer
    assert set(Registration.objects.values_list("state", flat=True)) == {State.INVITED}


def test_one_doctor_is_looked_at_first_as_a_list_is(
    course: Course, institution: Institution, client: Client
) -> None:
    assert f'href="{ADD}"' in client.get(DOCTORS).content.decode()
    preview = client.post(ADD, ONE | {"institution": institution.pk})["Location"]
    assert "Aminata Traoré" in client.get(preview).content.decode()
    assert not Registration.objects.exists()
    client.post(preview)
    (made,) = Registration.objects.select_related("person")
    assert (made.mode, made.state, made.person.letters_in) == ("on-site", State.CONFIRMED, "fr")


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"name": "=1+1"}, {"profession": "other"}], ids=str)
def test_what_is_wrong_about_one_is_said_and_what_was_typed_stays(
    course: Course, institution: Institution, client: Client, wrong: dict[str, str]
) -> None:
    answer = client.post(ADD, ONE | {"institution": institution.pk, "speciality": "Chirurgie"} | wrong)
    assert answer.status_code == 400
    assert 'value="Chirurgie"' in answer.content.decode()


def test_one_of_another_institution_is_not_brought_in(course: Course, client: Client) -> None:
    other = make_institution("hangzhou", "CN", "Asia")
    assert client.post(ADD, ONE | {"institution": other.pk}).status_code == 400


def test_when_the_course_is_over_nobody_is_registered(
    course: Course, institution: Institution, client: Client
) -> None:
    one = register(course, institution, state=State.CONFIRMED)
    Course.objects.update(last_day=course.today - timedelta(days=1))
    for address in (LIST, ADD):
        assert client.get(address)["Location"] == DOCTORS
    page = client.get(DOCTORS).content.decode()
    assert "The course is over" in page
    assert 'name="decision"' not in page
    answer = client.post(f"{DOCTORS}{one.pk}/", {"decision": "cancel", "sure": "1"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.state == State.CONFIRMED


def test_the_list_can_be_taken_away_for_a_spreadsheet(
    course: Course, institution: Institution, client: Client
) -> None:
    one = register(course, institution)
    register(course, make_institution("hangzhou", "CN", "Asia"), 2)
    one.person.name = "=HYPERLINK(1);=1"
    one.person.save()
    answer = client.get(f"{DOCTORS}doctors.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    heading, row = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert heading[:4] == ["Name", "Name in Latin letters", "E-mail address", "Profession"]
    assert row[:4] == ["'=HYPERLINK(1);=1", "", "doctor1@example.org", "Doctor"]
    assert '"\'=HYPERLINK(1);=1"' in answer.content.decode()
    assert client_of(one.person).get(f"{DOCTORS}doctors.csv").status_code == 403


def test_how_somebody_takes_part_is_changed_by_a_button(
    course: Course, institution: Institution, client: Client
) -> None:
    one = register(course, institution, state=State.CONFIRMED)
    Capacity.objects.create(course=course, mode=Mode.ON_SITE, places=0)
    answer = client.post(f"{DOCTORS}{one.pk}/", {"decision": "on-site"}, follow=True).content.decode()
    assert "All places of that kind are taken" in answer
    Capacity.objects.all().delete()
    client.post(f"{DOCTORS}{one.pk}/", {"decision": "on-site"})
    one.refresh_from_db()
    assert (one.mode, one.state) == ("on-site", State.CONFIRMED)


def test_whoever_acts_for_an_institution_needs_no_other_role(
    course: Course, institution: Institution, coordinator: User
) -> None:
    User.objects.update(role="participant")
    coordinator.affiliations.update(until=course.today + timedelta(days=3))  # not over yet
    assert client_of(User.objects.get(pk=coordinator.pk)).get(DOCTORS).status_code == 200


@pytest.mark.parametrize("language", ["en", "fr", "zh-Hans"])
def test_what_was_taken_away_can_be_brought_in_again(
    course: Course, institution: Institution, client: Client, language: str
) -> None:
    for number, profession in enumerate(("doctor", "nurse", "student", "technician")):
        one = register(course, institution, number, mode=Mode.ON_SITE)
        User.objects.filter(pk=one.person_id).update(profession=profession, name="名字", latin_name="Name")
    text = client.get(f"{DOCTORS}doctors.csv", headers={"Accept-Language": language}).content
    found = roster(rows(text))
    assert found.faults == []
    assert [one.profession for one in found.candidates] == ["doctor", "nurse", "student", "technician"]
    assert {(one.latin_name, one.mode) for one in found.candidates} == {("Name", "on-site")}


def test_of_one_doctor_it_is_said_where_it_was_typed_why_not(
    course: Course, institution: Institution, client: Client
) -> None:
    at(make_institution("hangzhou", "CN", "Asia"))
    answer = client.post(ADD, ONE | {"institution": institution.pk})
    assert answer.status_code == 400
    assert "belongs to another institution" in answer.content.decode()
    assert 'value="Aminata Traoré"' in answer.content.decode()


def test_a_list_that_waits_when_the_course_is_cancelled_is_not_taken(
    course: Course, institution: Institution, client: Client
) -> None:
    preview = send(client, institution)
    Course.objects.update(cancelled=True)
    assert client.post(preview)["Location"] == DOCTORS
    assert not Registration.objects.exists()
    assert "This course is cancelled" in client.get(DOCTORS).content.decode()


def test_whoever_was_forgotten_is_offered_nothing(
    course: Course, institution: Institution, client: Client
) -> None:
    gone = register(course, institution, state=State.CANCELLED)
    there = register(course, institution, 2, State.CANCELLED)
    forget(gone.person)
    page = client.get(DOCTORS).content.decode()
    assert "deleted.invalid" not in page
    assert there.person.email in page
    client.post(f"{DOCTORS}{gone.pk}/", {"decision": "readmit"})
    gone.refresh_from_db()
    assert gone.state == State.CANCELLED
