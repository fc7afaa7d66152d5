"""A coordinator registers the hospital's doctors from a spreadsheet, and decides on theirs and nobody else's."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.models import Capacity, Mode, Registration, State, Upload
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_institution, register

DOCTORS = "/courses/course/doctors/"
LIST = f"{DOCTORS}list/"
SHEET = """Nom;Courriel;Profession
Aminata Traoré;aminata@example.org;Médecin
Moussa Diarra;moussa@example.org;Médecin
"""


@pytest.fixture
def coordinator(institution: Institution) -> User:
    person = User.objects.create_user("coordinator@example.org", role=AccountRole.COORDINATOR)
    Affiliation.objects.create(person=person, institution=institution, coordinator=True)
    return person


@pytest.fixture
def client(coordinator: User) -> Client:
    return client_of(coordinator)


def send(client: Client, institution: Institution, text: str = SHEET, **more: str) -> str:
    """Uploads a list; the address of its preview."""
    file = SimpleUploadedFile("doctors.csv", text.encode())
    answer = client.post(LIST, {"institution": institution.pk, "sheet": file} | more)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_a_list_is_looked_at_first_and_then_taken(
    course: Course, institution: Institution, client: Client
) -> None:
    preview = send(client, institution)
    page = client.get(preview).content.decode()
    assert "Aminata Traoré" in page
    assert Registration.objects.count() == 0
    assert client.post(preview, follow=True).status_code == 200
    assert set(Registration.objects.values_list("state", "institution__slug")) == {("confirmed", "bamako")}
    made = User.objects.get(email="aminata@example.org")
    assert (made.country, made.time_zone, made.has_usable_password()) == ("ML", "Africa/Bamako", False)
    assert not Upload.objects.exists()


def test_letters_to_new_doctors_are_in_the_language_of_the_list_else_of_who_sends_it(
    course: Course, institution: Institution, coordinator: User
) -> None:
    sheet = "Nom;Courriel;Profession;Langues\nA;a@example.org;Médecin;\nB;b@example.org;Médecin;zh-Hans\n"
    User.objects.update(preferred_language="fr")
    client = client_of(coordinator)
    client.post(send(client, institution, sheet))
    letters = {one.email: one.letters_in for one in User.objects.exclude(pk=coordinator.pk)}
    assert letters == {"a@example.org": "fr", "b@example.org": "zh-Hans"}


def test_sending_twice_registers_once(course: Course, institution: Institution, client: Client) -> None:
    preview = send(client, institution)
    client.post(preview)
    for answer in (client.post(preview, follow=True), client.get(preview, follow=True)):  # Back leads there
        assert answer.redirect_chain[-1][0] == DOCTORS
        assert "That list is not there any more" in answer.content.decode()
    client.post(send(client, institution))
    assert Registration.objects.count() == 2


def test_whoever_has_an_account_keeps_it_as_it_is(
    course: Course, institution: Institution, client: Client
) -> None:
    User.objects.create_user("aminata@example.org", name="A. T.", profession="doctor")
    client.post(send(client, institution))
    assert User.objects.get(email="aminata@example.org").name == "A. T."
    assert Registration.objects.count() == 2


def test_one_wrong_row_and_nobody_is_registered(
    course: Course, institution: Institution, client: Client
) -> None:
    preview = send(client, institution, SHEET + "Nobody;;Médecin\n")
    assert "<td>4</td>" in client.get(preview).content.decode()
    client.post(preview)
    assert Registration.objects.count() == 0
    assert not User.objects.filter(email="aminata@example.org").exists()


def test_a_lay_person_in_the_list_and_nobody_is_registered(
    course: Course, institution: Institution, client: Client
) -> None:
    client.post(send(client, institution, SHEET + "Lay Person;lay@example.org;autre\n"))
    assert Registration.objects.count() == 0
    assert not User.objects.filter(email="lay@example.org").exists()


def test_who_finds_no_place_waits(course: Course, institution: Institution, client: Client) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=1)
    client.post(send(client, institution))
    states = list(Registration.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["confirmed", "waiting"]


def test_a_file_that_can_not_be_read_is_refused_with_the_reason(
    course: Course, institution: Institution, client: Client
) -> None:
    file = SimpleUploadedFile("doctors.csv", "Nom\nFrançois\n".encode("cp1252"))
    answer = client.post(LIST, {"institution": institution.pk, "sheet": file})
    assert answer.status_code == 400
    assert "UTF-8" in answer.content.decode()


def test_a_coordinator_decides_on_their_own_institution_alone(
    course: Course, institution: Institution, client: Client
) -> None:
    other = make_institution("suva", "FJ", "Oceania")
    ours, theirs = register(course, institution, 1), register(course, other, 2)
    assert theirs.person.email not in client.get(DOCTORS).content.decode()
    assert client.post(f"{DOCTORS}{ours.pk}/", {"decision": "confirm"}).status_code == 302
    assert client.post(f"{DOCTORS}{theirs.pk}/", {"decision": "confirm"}).status_code == 404
    file = SimpleUploadedFile("doctors.csv", SHEET.encode())
    assert client.post(LIST, {"institution": other.pk, "sheet": file}).status_code == 400
    assert list(Registration.objects.order_by("pk").values_list("state", flat=True)) == [
        "confirmed",
        "applied",
    ]


def test_nobody_sees_or_takes_the_list_of_another(
    course: Course, institution: Institution, client: Client
) -> None:
    preview = send(client, institution)
    other = User.objects.create_user("other@example.org", role=AccountRole.COORDINATOR)
    Affiliation.objects.create(person=other, institution=institution, coordinator=True)
    for answer in (client_of(other).get(preview), client_of(other).post(preview)):
        assert (answer.status_code, answer["Location"]) == (302, DOCTORS)
    assert not Registration.objects.exists()


def test_of_a_draft_a_coordinator_learns_nothing(course: Course, client: Client) -> None:
    Course.objects.update(published=None)
    for address in (DOCTORS, LIST):
        assert client.get(address).status_code == 404


def test_nobody_decides_on_themselves(course: Course, institution: Institution, coordinator: User) -> None:
    own = Registration.objects.create(course=course, person=coordinator, institution=institution)
    assert client_of(coordinator).post(f"{DOCTORS}{own.pk}/", {"decision": "confirm"}).status_code == 403


def test_who_acts_no_more_for_an_institution_is_turned_away(course: Course, coordinator: User) -> None:
    Affiliation.objects.update(until=date(2026, 1, 1))
    for address in (DOCTORS, LIST):
        assert client_of(coordinator).get(address).status_code == 403


@pytest.mark.parametrize("role", AccountRole.values)
def test_who_may_come_in(course: Course, institution: Institution, role: str) -> None:
    person = User.objects.create_user(f"{role}@example.org", role=role)
    allowed = role in (AccountRole.DIRECTOR, AccountRole.SECRETARIAT)
    assert client_of(person).get(DOCTORS).status_code == (200 if allowed else 403)


def test_without_signing_in_one_is_led_to_the_door(course: Course) -> None:
    for address in (DOCTORS, LIST):
        assert "/accounts/login/" in Client().get(address)["Location"]
    assert "/accounts/login/" in Client().post(f"{DOCTORS}1/")["Location"]


def test_a_decision_that_came_too_late_says_so(
    course: Course, institution: Institution, client: Client
) -> None:
    one = register(course, institution, state=State.CANCELLED)
    answer = client.post(f"{DOCTORS}{one.pk}/", {"decision": "confirm"}, follow=True)
    assert "meanwhile" in answer.content.decode()
    assert client.post(f"{DOCTORS}{one.pk}/", {"decision": "attend"}).status_code == 403


def test_before_a_registration_is_cancelled_it_is_asked_once(
    course: Course, institution: Institution, client: Client
) -> None:
    one = register(course, institution, state=State.CONFIRMED)
    assert client.post(f"{DOCTORS}{one.pk}/", {"decision": "cancel"}).status_code == 200
    assert Registration.objects.get(pk=one.pk).state == State.CONFIRMED
    client.post(f"{DOCTORS}{one.pk}/", {"decision": "cancel", "sure": "1"})
    assert Registration.objects.get(pk=one.pk).state == State.CANCELLED


def test_who_acts_finds_the_way_there_and_nobody_else_does(
    course: Course, institution: Institution, client: Client
) -> None:
    for address in ("/courses/course/", "/me/"):
        assert DOCTORS in client.get(address).content.decode()
    person = register(course, institution).person
    for address in ("/courses/course/", "/me/"):
        assert DOCTORS not in client_of(person).get(address).content.decode()


def test_whoever_has_not_come_in_is_invited_again_once_a_day(
    course: Course, institution: Institution, client: Client
) -> None:
    client.post(send(client, institution))
    one = Registration.objects.get(person__email="aminata@example.org")
    assert "has not come in yet" in client.get(DOCTORS).content.decode()
    for said in ("is invited once more", "has been sent an invitation today already"):
        answer = client.post(f"{DOCTORS}{one.pk}/", {"decision": "remind"}, follow=True)
        assert f"Aminata Traoré {said}" in answer.content.decode()
    assert Letter.objects.filter(to="aminata@example.org").count() == 1
    one.person.set_password("five words in a row")
    one.person.save()
    assert client.post(f"{DOCTORS}{one.pk}/", {"decision": "remind"}).status_code == 403


def cancelled(client: Client, institution: Institution) -> Registration:
    client.post(send(client, institution))
    one = Registration.objects.get(person__email="aminata@example.org")
    client.post(f"{DOCTORS}{one.pk}/", {"decision": "cancel", "sure": "1"})
    one.refresh_from_db()
    assert one.state == State.CANCELLED
    return one


def test_who_was_cancelled_is_registered_again_by_a_button(
    course: Course, institution: Institution, client: Client
) -> None:
    one = cancelled(client, institution)
    assert "Register again" in client.get(DOCTORS).content.decode()
    client.post(f"{DOCTORS}{one.pk}/", {"decision": "readmit"})
    client.post(f"{DOCTORS}{one.pk}/", {"decision": "readmit"})  # pressed twice
    one.refresh_from_db()
    assert one.state == State.CONFIRMED
    assert [change.after for change in one.history.order_by("pk")] == ["confirmed", "cancelled", "confirmed"]


def test_who_was_cancelled_is_registered_again_by_a_list_behind_those_who_wait(
    course: Course, institution: Institution, client: Client
) -> None:
    Capacity.objects.create(course=course, mode=Mode.ONLINE, places=2)
    one = cancelled(client, institution)
    before = one.asked
    preview = send(client, institution, f"{SHEET}Fanta Keita;fanta@example.org;Médecin\n")
    assert "Cancelled before: they get a place again" in client.get(preview).content.decode()
    client.post(preview)
    states = dict(Registration.objects.values_list("person__email", "state"))
    assert states == {
        "aminata@example.org": "waiting", "moussa@example.org": "confirmed", "fanta@example.org": "confirmed",
    }  # fmt: skip
    one.refresh_from_db()
    assert one.asked > before


def test_a_question_that_is_read_again_is_the_list(
    course: Course, institution: Institution, client: Client
) -> None:
    """As after a change of language."""
    client.post(send(client, institution))
    answer = client.get(f"{DOCTORS}{Registration.objects.first().pk}/")
    assert (answer.status_code, answer["Location"]) == (302, DOCTORS)


def test_a_list_brings_back_nobody_of_another_institution_nor_oneself(
    course: Course, institution: Institution, client: Client, coordinator: User
) -> None:
    theirs = register(course, make_institution("other"), 1, State.CANCELLED)
    mine = Registration.objects.create(
        course=course, person=coordinator, institution=institution, state=State.CANCELLED
    )
    rows = [f"A;{one.person.email};Médecin" for one in (theirs, mine)]
    client.post(send(client, institution, "\n".join(["Nom;Courriel;Profession", *rows])))
    assert set(Registration.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_who_comes_back_by_a_list_comes_as_it_says(
    course: Course, institution: Institution, client: Client
) -> None:
    one = cancelled(client, institution)
    sheet = "Nom;Courriel;Profession;Participation\nAminata Traoré;aminata@example.org;Médecin;sur place"
    client.post(send(client, institution, sheet))
    one.refresh_from_db()
    assert (one.state, one.mode) == (State.CONFIRMED, Mode.ON_SITE)
