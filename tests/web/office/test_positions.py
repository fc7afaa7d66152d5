"""A position in a form is a place among the others: one edit reorders."""

import pytest
from django.test import Client

from amphitheatre.web.programme.models import Case, Phase, Step, Technique
from tests.web.office.conftest import page
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique(db: None) -> Technique:
    technique = Technique.objects.create(slug="one", title_en="Technique")
    for position, title in enumerate(("first", "second", "third"), 1):
        Phase.objects.create(technique=technique, position=position, title_en=title)
    return technique


def send(who: Client, path: str, **form: object) -> None:
    answer = who.post(f"/office/snippets/programme/{path}", {"original": "en"} | form)
    assert answer.status_code == 302, answer.content.decode()


def titles(records: object) -> list[str]:
    return [record.title_en for record in records.order_by("position")]


def test_two_phases_change_places_by_one_edit(secretary: Client, technique: Technique) -> None:
    second = technique.phases.get(title_en="second")
    send(secretary, f"phase/edit/{second.pk}/", technique=technique.pk, position=1, title_en="second")
    assert titles(technique.phases) == ["second", "first", "third"]


def test_a_new_phase_stands_after_the_others_unless_a_place_is_named(
    secretary: Client, technique: Technique
) -> None:
    send(secretary, "phase/add/", technique=technique.pk, position="", title_en="last")
    send(secretary, "phase/add/", technique=technique.pk, position=2, title_en="between")
    assert titles(technique.phases) == ["first", "between", "second", "third", "last"]


def test_a_place_beyond_all_others_is_the_last(secretary: Client, technique: Technique) -> None:
    first = technique.phases.get(title_en="first")
    send(secretary, f"phase/edit/{first.pk}/", technique=technique.pk, position="9" * 20, title_en="first")
    assert titles(technique.phases) == ["second", "third", "first"]


def test_steps_and_cases_are_put_in_order_too(secretary: Client, technique: Technique) -> None:
    phase = technique.phases.first()
    Step.objects.create(phase=phase, position=1, title_en="one")
    send(secretary, "step/add/", phase=phase.pk, position=1, title_en="before")
    assert titles(phase.steps) == ["before", "one"]
    session = make_course().sessions.get()
    Case.objects.create(session=session, technique=technique, position=1, title_en="one")
    send(secretary, "case/add/", session=session.pk, technique=technique.pk, position="", title_en="two")
    send(secretary, "case/add/", session=session.pk, technique=technique.pk, position=1, title_en="before")
    assert titles(session.cases) == ["before", "one", "two"]


def test_a_case_that_moves_to_another_session_is_put_among_its_cases(
    secretary: Client, technique: Technique
) -> None:
    one, other = make_course(sessions=2).sessions.all()
    case = Case.objects.create(session=one, technique=technique, position=1, title_en="moved")
    Case.objects.create(session=other, technique=technique, position=1, title_en="there")
    form = {"session": other.pk, "technique": technique.pk, "position": 1, "title_en": "moved"}
    send(secretary, f"case/edit/{case.pk}/", **form)
    assert titles(other.cases) == ["moved", "there"]
    assert not one.cases.exists()


@pytest.mark.parametrize("position", ["0", "-1", "two", "1.5"])
def test_what_is_no_place_is_refused_and_what_was_typed_stays(
    secretary: Client, technique: Technique, position: str
) -> None:
    form = {"original": "en", "technique": technique.pk, "position": position, "title_en": "Typed"}
    answer = secretary.post("/office/snippets/programme/phase/add/", form)
    assert answer.status_code == 200
    assert "Typed" in answer.content.decode()
    assert titles(technique.phases) == ["first", "second", "third"]


def test_a_new_case_is_not_the_first_by_default(secretary: Client) -> None:
    assert 'name="position" value=' not in page(secretary, "programme/case/add/")
