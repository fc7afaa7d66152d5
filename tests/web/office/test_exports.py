"""Each list can be taken away as a spreadsheet, in words of the reader's language and with clocks that are named."""

import csv
import io
from datetime import date, time

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from wagtail.snippets.models import get_snippet_models

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole, Profession
from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.alliance.models import Affiliation, Membership, Place
from amphitheatre.web.hooks.models import Event, Hook
from amphitheatre.web.mail.models import Letter, LetterState
from amphitheatre.web.office.models import Person
from amphitheatre.web.programme.models import (
    Audience,
    Case,
    Course,
    Duty,
    Kind,
    Material,
    Part,
    Phase,
    Room,
    Step,
    Technique,
)
from amphitheatre.web.registration.models import Capacity, Mode, Quota, State
from amphitheatre.web.ui.language import NAMES
from tests.web.office.conftest import worker
from tests.web.registration.conftest import make_course, make_institution, register

pytestmark = pytest.mark.django_db
CODES = {
    code
    for choices in (
        AccountRole,
        Profession,
        Continent,
        Place,
        Event,
        LetterState,
        Audience,
        Kind,
        Part,
        Mode,
        State,
    )
    for code in choices.values
} | {*NAMES, "ML", "CN", "Africa/Porto-Novo", "True", "False", "None"}
# In English these are their own names.
SAME = {*Continent.values}


@pytest.fixture
def course() -> Course:
    """With something of everything that the office lists."""
    course, institution = make_course(), make_institution()
    session = course.sessions.get()
    session.audience = Continent.AFRICA
    session.interpreted = ["en", "fr"]
    session.save()
    technique = Technique.objects.create(slug="one", title_en="Technique")
    phase = Phase.objects.create(technique=technique, position=1, title_en="Phase")
    Step.objects.create(phase=phase, position=1, title_en="Step")
    Case.objects.create(session=session, technique=technique, position=1, title_en="Case")
    Material.objects.create(
        session=session, title="Slides", audience=Audience.BOOTH, file=ContentFile(b"%PDF-", "a.pdf"), size=5
    )
    Membership.objects.create(institution=institution, place=Place.VICE_CHAIR, joined=date(2020, 1, 1))
    registration = register(course, institution)
    person = registration.person
    User.objects.filter(pk=person.pk).update(
        name="李明", latin_name="Li Ming", country="CN", time_zone="America/Port_of_Spain"
    )
    Affiliation.objects.create(person=person, institution=institution, coordinator=True)
    Duty.objects.create(
        session=session, person=person, part=Part.INTERPRETER, language="fr", first=10, last=30
    )
    Capacity.objects.create(course=course, mode=Mode.ON_SITE, places=10)
    Quota.objects.create(course=course, institution=institution, places=2)
    Letter.objects.create(key="k", to="a@example.org", language="fr", subject="Word", text="secret")
    Hook.objects.create(address="https://example.org/news", events=[Event.PUBLISHED])
    return course


def lists() -> list[type[Model]]:
    """All but messages to other programs, whose bodies are for programs, and what is sent from rooms."""
    return [
        model
        for model in get_snippet_models()
        if model._meta.label_lower != "hooks.message" and model._meta.app_label != "studio"
    ]


def exported(who: Client, model: type[Model]) -> list[dict[str, str]]:
    path = f"/office/snippets/{model._meta.app_label}/{model._meta.model_name}/?export=csv"
    text = who.get(path).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("language", ["en", "fr", "zh-Hans"])
def test_each_list_is_exported_in_words(course: Course, language: str) -> None:
    who = worker(AccountRole.DIRECTOR, preferred_language=language, name="Director")
    for model in lists():
        rows = exported(who, model)
        assert rows, model
        assert len(set(rows[0])) == len(model.snippet_viewset.list_export), (
            f"two headings of {model} are the same"
        )
        cells = {part.strip() for row in rows for cell in row.values() for part in cell.split(",")}
        raw = cells & (CODES - (SAME if language == "en" else set()))
        assert not raw, f"{model.__name__}: {raw}"
        assert not [heading for heading in rows[0] if "[" in heading], model
        assert not [cell for cell in cells if cell.startswith(("[", "{")) or "_" in cell], model


def test_the_plan_of_shifts_goes_by_the_courses_clock(course: Course) -> None:
    Course.objects.update(time_zone="Africa/Bamako")
    who = worker(AccountRole.INTERPRETER)
    (row,) = exported(who, Duty)
    assert row == {
        "Name": "李明",
        "Name in Latin letters": "Li Ming",
        "Part": "Interpreter",
        "Interprets into": "Français",
        "Course": "Course",
        "Session": "Operation 0",
        "Room": "Theatre",
        "Begins": "2026-11-09 08:40:00",
        "Ends": "2026-11-09 09:00:00",
        "Time zone": "Africa/Bamako",
    }
    answer = who.get("/office/snippets/programme/duty/?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet["H2"].value.time() == time(8, 40)


def test_who_may_see_the_plan_of_shifts_is_told_nobodys_address(course: Course) -> None:
    row = exported(worker(AccountRole.TECHNICIAN), Duty)[0]
    assert "doctor1@example.org" not in row.values()


def test_a_session_is_exported_with_its_languages_and_whom_it_is_for(
    secretary: Client, course: Course
) -> None:
    (row,) = exported(secretary, course.sessions.model)
    assert row["Language of the floor"] == "中文"
    assert row["Interpreted into"] == "English, Français"
    assert (row["Audience"], row["Cancelled"], row["Time zone"]) == ("Africa", "no", "Asia/Shanghai")
    course.sessions.update(audience="", cancelled=True)
    (row,) = exported(secretary, course.sessions.model)
    assert (row["Audience"], row["Cancelled"]) == ("Everybody", "yes")


def test_of_a_letter_its_text_is_not_exported(secretary: Client, course: Course) -> None:
    (row,) = exported(secretary, Letter)
    assert "secret" not in row.values()
    assert row["Language"] == "Français"


def test_a_case_says_whether_the_patient_consents(secretary: Client, course: Course) -> None:
    assert [row["The patient consents"] for row in exported(secretary, Case)] == ["no"]


def test_lists_and_records_speak_no_codes_either(secretary: Client, course: Course) -> None:
    session = course.sessions.get()
    text = secretary.get(f"/office/snippets/programme/session/inspect/{session.pk}/").content.decode()
    assert "English, Français" in text
    text = secretary.get("/office/snippets/alliance/institution/?country=ML").content.decode()
    assert "Mali" in text
    assert "Bamako" in text
    text = secretary.get("/office/snippets/alliance/institution/?country=CN").content.decode()
    assert "Bamako" not in text


def test_the_export_is_what_the_list_was_narrowed_down_to(secretary: Client, course: Course) -> None:
    answer = secretary.get("/office/snippets/programme/room/?export=csv&translations=fr&theatre=false")
    assert answer.getvalue().decode().count("\n") == 1
    assert Room.objects.exists()
    assert Person.objects.exists()
