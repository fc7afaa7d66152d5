"""What people see and change of themselves: their facts, their sessions, all that is kept, and the end of it."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.models import Registration, State
from tests.web.conftest import client_of
from tests.web.registration.conftest import make_course, make_institution

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-phrase"
FACTS = {
    "name": "Aminata Traoré",
    "latin_name": "",
    "speciality": "Chirurgie",
    "licence_number": "ML-1",
    "country": "ML",
    "languages": ["fr"],
    "time_zone": "Africa/Bamako",
    "named": "on",
}


@pytest.fixture
def doctor() -> User:
    cache.clear()
    return User.objects.create_user("doctor@example.org", PASSWORD, profession="doctor", languages=["bm"])


def come_in(agent: str = "Mozilla/5.0 (X11; Linux) Firefox/130.0") -> Client:
    client = Client(headers={"User-Agent": agent})
    form = {"login": "doctor@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    return client


def prove(client: Client) -> Client:
    """Types the password again."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def place(doctor: User, last_day: str) -> Registration:
    course = make_course(f"course-{last_day}")
    Course.objects.filter(pk=course.pk).update(last_day=last_day, first_day="2020-01-01")
    return Registration.objects.create(
        course=course, person=doctor, institution=make_institution(f"at-{last_day}"), state=State.CONFIRMED
    )


def test_people_change_their_own_facts(doctor: User) -> None:
    client = client_of(doctor)
    assert client.post("/accounts/profile/", FACTS).status_code == 302
    doctor.refresh_from_db()
    assert (doctor.name, doctor.country, doctor.named) == ("Aminata Traoré", "ML", True)
    assert doctor.languages == ["fr", "bm"]  # one that this page does not offer stays


@pytest.mark.parametrize(
    ("field", "value"), [("country", "XX"), ("time_zone", "../etc/passwd"), ("languages", ["xx"])]
)
def test_nonsense_is_refused(doctor: User, field: str, value: object) -> None:
    assert client_of(doctor).post("/accounts/profile/", FACTS | {field: value}).status_code == 400


def test_nobody_gives_themselves_a_role_or_a_profession(doctor: User) -> None:
    more = {"role": "director", "email": "x@example.org", "is_superuser": "on", "profession": "nurse"}
    client_of(doctor).post("/accounts/profile/", FACTS | more)
    doctor.refresh_from_db()
    assert (doctor.role, doctor.email, doctor.is_superuser) == ("participant", "doctor@example.org", False)
    assert doctor.profession == "doctor"


def test_a_session_elsewhere_is_ended(doctor: User) -> None:
    here, there = come_in(), come_in("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537")
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox · Linux" in page
    assert "Chrome · Android" in page
    other = doctor.usersession_set.exclude(session_key=here.session.session_key).get()
    assert here.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/accounts/profile/").status_code == 302
    assert here.get("/accounts/profile/").status_code == 200


def test_nobody_ends_somebody_elses_session(doctor: User) -> None:
    client = come_in()
    stranger = client_of(User.objects.create_user("stranger@example.org"))
    session = doctor.usersession_set.get()
    assert stranger.post(f"/accounts/sessions/{session.pk}/end/").status_code == 404
    assert client.get("/accounts/profile/").status_code == 200


def test_everything_that_is_kept_can_be_downloaded(doctor: User) -> None:
    place(doctor, "2020-02-01")
    kept = json.loads(prove(come_in()).get("/accounts/data/").content)
    assert kept["account"]["email"] == "doctor@example.org"
    assert kept["registrations"][0]["course"] == "course-2020-02-01"
    assert len(kept["sessions"]) == 1
    assert PASSWORD not in json.dumps(kept)


def test_a_deleted_account_leaves_figures_and_no_person(doctor: User) -> None:
    past, coming = place(doctor, "2020-02-01"), place(doctor, "2999-01-01")
    Letter.objects.create(key="x", to=doctor.email, language="fr", subject="Hello", text="")
    client, other = prove(come_in()), come_in()
    assert client.get("/accounts/delete/").status_code == 200
    assert client.post("/accounts/delete/").status_code == 302
    assert other.get("/accounts/profile/").status_code == 302
    past.refresh_from_db()
    coming.refresh_from_db()
    assert (past.state, coming.state) == (State.CONFIRMED, State.CANCELLED)
    kept = User.objects.get(pk=doctor.pk)
    assert not kept.is_active
    assert "doctor@example.org" not in str(list(User.objects.values()))
    assert not Letter.objects.filter(to="doctor@example.org").exists()
    again = {"login": "doctor@example.org", "password": PASSWORD}
    assert "_auth_user_id" not in Client().post("/accounts/login/", again).wsgi_request.session


def test_a_session_that_somebody_left_open_tells_nothing_without_the_password(doctor: User) -> None:
    client = come_in()
    for path in ("data", "delete"):
        answer = client.get(f"/accounts/{path}/")
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/delete/")
    assert User.objects.get(pk=doctor.pk).is_active
