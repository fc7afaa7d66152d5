"""What a program does with a token: what its owner allowed, and what the owner may, and no more."""

import json
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from amphitheatre.web.accounts.domain.tokens import new_token
from amphitheatre.web.accounts.models import Scope, User
from amphitheatre.web.accounts.roles import AccountRole, Profession
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.hooks.models import Event, Hook, Message
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration import api_for_programs
from amphitheatre.web.registration.models import Registration, State
from tests.web.registration.conftest import make_institution, register

PATH = "/api/courses/course/registrations"
DOCTOR = {"name": "Aminata Traoré", "email": "aminata@example.org", "profession": "doctor"}


def program(role: AccountRole, *scopes: Scope, at: Institution | None = None) -> Client:
    person = User.objects.create_user(f"{role.value}@example.org", role=role, profession=Profession.DOCTOR)
    if at:
        Affiliation.objects.create(person=person, institution=at, coordinator=True)
    secret = new_token(person, "x", list(scopes), 1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_a_coordinators_program_sees_its_own_institution_alone(
    course: Course, institution: Institution
) -> None:
    register(course, institution, 1, State.CONFIRMED)
    register(course, make_institution("suva", "FJ", "Oceania"), 2, State.CONFIRMED)
    found = program(AccountRole.COORDINATOR, Scope.READ, at=institution).get(PATH).json()
    assert [(one["institution"], one["state"]) for one in found] == [("bamako", "confirmed")]
    assert found[0]["person"]["email"] == "doctor1@example.org"
    assert len(program(AccountRole.SECRETARIAT, Scope.READ).get(PATH).json()) == 2
    assert program(AccountRole.PARTICIPANT, Scope.READ).get(PATH).json() == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer amph_x"}, {"Authorization": "Basic eA=="}])
def test_without_a_token_there_is_nothing(course: Course, headers: dict[str, str]) -> None:
    answer = Client(headers=headers).get(PATH)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_of_the_browser_is_no_token(course: Course, institution: Institution) -> None:
    client = Client()
    client.force_login(
        User.objects.create_user("s@example.org", role=AccountRole.SECRETARIAT),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get(PATH).status_code == 401


def test_a_token_does_what_it_was_made_for_alone(course: Course, institution: Institution) -> None:
    client = program(AccountRole.SECRETARIAT, Scope.READ)
    assert post(client, PATH, {"institution": "bamako", "people": [DOCTOR]}).status_code == 403
    assert client.get("/api/courses/course/missing").status_code == 403
    assert not Registration.objects.exists()


def test_doctors_are_registered_and_told_of(course: Course, institution: Institution) -> None:
    hook = Hook.objects.create(address="https://receiver.example/", events=[Event.REGISTRATION])
    client = program(AccountRole.COORDINATOR, Scope.WRITE, at=institution)
    body = {"institution": "bamako", "people": [DOCTOR | {"languages": ["fr"], "mode": "on-site"}]}
    answer = post(client, PATH, body)
    assert answer.status_code == 201
    (made,) = answer.json()
    assert (made["state"], made["mode"], made["person"]["name"]) == ("confirmed", "on-site", "Aminata Traoré")
    assert User.objects.get(email=DOCTOR["email"]).languages == ["fr"]
    told = json.loads(Message.objects.get(hook=hook).body)
    assert told["data"] == {
        "course": "course", "registration": made["id"], "before": "applied", "after": "confirmed",
        "mode": made["mode"],
    }  # fmt: skip
    assert "Traoré" not in json.dumps(told, ensure_ascii=False)
    assert post(client, PATH, body).json() == []  # again is once


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"people": [DOCTOR, DOCTOR | {"email": "nobody"}]}, 422),
        ({"people": [DOCTOR, DOCTOR]}, 422),
        ({"people": [DOCTOR | {"name": "=cmd()"}]}, 422),
        ({"people": [DOCTOR | {"name": "a\u0000b"}]}, 422),
        ({"people": [DOCTOR | {"profession": "other"}]}, 422),
        ({"people": []}, 422),
        ({"people": [DOCTOR] * 501}, 422),
        ({"institution": "suva"}, 404),
        ({"institution": "a\u0000"}, 422),
    ],
    ids=str,
)
def test_all_or_nothing(
    course: Course, institution: Institution, change: dict[str, Any], status: int
) -> None:
    make_institution("suva", "FJ", "Oceania")
    client = program(AccountRole.COORDINATOR, Scope.WRITE, at=institution)
    answer = post(client, PATH, {"institution": "bamako", "people": [DOCTOR]} | change)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert not Registration.objects.exists()


def test_decisions(course: Course, institution: Institution) -> None:
    asked = register(course, institution, 1, State.APPLIED)
    elsewhere = register(course, make_institution("suva", "FJ", "Oceania"), 2, State.APPLIED)
    client = program(AccountRole.COORDINATOR, Scope.WRITE, at=institution)
    own = Registration.objects.create(
        course=course, institution=institution, state=State.APPLIED, mode="online",
        person=User.objects.get(email="coordinator@example.org"),
    )  # fmt: skip

    def decide(one: Registration, decision: str) -> Any:
        return post(client, f"{PATH}/{one.pk}/decision", {"decision": decision})

    Registration.objects.filter(pk=asked.pk).update(state=State.APPLIED)
    User.objects.update(profession=Profession.DOCTOR)
    assert decide(asked, "confirm").json()["state"] == "confirmed"
    assert decide(asked, "confirm").status_code == 409
    assert decide(asked, "cancel").json()["state"] == "cancelled"
    assert decide(elsewhere, "confirm").status_code == 404
    assert decide(own, "confirm").status_code == 403
    assert decide(asked, "attend").status_code == 422


def test_what_is_missing_is_told_to_who_may_know(course: Course) -> None:
    path = "/api/courses/course/missing"
    (found,) = program(AccountRole.TECHNICIAN, Scope.MISSING).get(path).json()
    assert "No case is entered." in found["lacks"]
    assert program(AccountRole.PARTICIPANT, Scope.MISSING).get(path).status_code == 403


def test_what_was_overtaken_is_a_conflict(
    course: Course, institution: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(api_for_programs, "enrol", overtaken)
    client = program(AccountRole.COORDINATOR, Scope.WRITE, at=institution)
    assert post(client, PATH, {"institution": "bamako", "people": [DOCTOR]}).status_code == 409


@pytest.mark.parametrize("slug", ["%00", "a%00b", "other"])
def test_courses_that_are_not_there(db: None, slug: str) -> None:
    client = program(AccountRole.SECRETARIAT, *Scope)
    for path in ("", "/sessions", "/figures", "/registrations", "/missing"):
        answer = client.get(f"/api/courses/{slug}{path}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
