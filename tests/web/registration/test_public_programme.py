"""What is said wherever the programme is read: of cases, of a session's audience, of texts in another language."""

import gzip
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Case, Course, Phase, Room, Session, Technique
from amphitheatre.web.programme.queries import session_of, sessions_of
from amphitheatre.web.registration.models import State
from tests.web.conftest import client_of, signed_in
from tests.web.registration.conftest import make_course, register

PAGES = ["/courses/course/", "/courses/course/sessions/{}/", "/courses/course/copy/"]
PAPER = "/courses/course/programme.pdf"
DATA = [
    "/courses/course/programme.ics",
    "/courses/course/sessions/{}/session.ics",
    "/api/courses/course",
    "/api/courses/course/sessions",
]
SECRETS = ("Tumour of the head", "Sixty years old")


@pytest.fixture
def case(course: Course) -> Case:
    """Nobody has said yet that the patient agrees."""
    technique = Technique.objects.create(slug="resection", title_en="Resection of the head")
    Phase.objects.create(technique=technique, position=1, title_en="Access")
    return Case.objects.create(
        session=course.sessions.get(), technique=technique, title_en=SECRETS[0], summary_en=SECRETS[1]
    )


def read(path: str, client: Client | None = None, language: str = "en") -> str:
    address = path.format(Session.objects.first().pk)
    answer = (client or Client()).get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    if path == PAPER:
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split()
        )
    return str(answer.content.decode())


@pytest.mark.parametrize("path", [*PAGES, PAPER])
def test_a_case_is_named_while_its_patient_consents(case: Case, path: str) -> None:
    said = read(path)
    assert "to be named" in said.lower()
    assert not any(secret in said for secret in SECRETS)
    Case.objects.update(consent=timezone.now())
    said = read(path)
    assert "to be named" not in said
    assert SECRETS[0] in said
    Case.objects.update(consent=None)  # withdrawn
    said = read(path)
    assert not any(secret in said for secret in SECRETS)


@pytest.mark.parametrize("path", DATA)
def test_programs_are_told_nothing_of_a_case(case: Case, path: str) -> None:
    assert not any(secret in read(path) for secret in SECRETS)


@pytest.mark.parametrize("path", [*PAGES, PAPER, "/me/"])
def test_who_takes_part_or_plans_reads_the_same_programme(
    case: Case, institution: Institution, path: str
) -> None:
    doctor = register(case.session.course, institution, state=State.CONFIRMED).person
    for client in (client_of(doctor), signed_in(AccountRole.DIRECTOR)):
        assert not any(secret in read(path, client) for secret in SECRETS)


def test_the_technique_of_a_case_that_is_not_named_can_be_prepared(case: Case) -> None:
    page = read("/courses/course/sessions/{}/")
    assert "Resection of the head" in page
    assert "Access" in page


def test_whoever_makes_ready_knows_which_consent_is_missing(case: Case) -> None:
    assert SECRETS[0] in read("/courses/course/ready/", signed_in(AccountRole.ADVOCATE))


def test_what_is_withheld_is_not_there_in_any_language(case: Case, course: Course) -> None:
    Case.objects.update(title_fr="Tumeur", title_zh_hans="肿瘤")
    for session in (*sessions_of(course), session_of(course, case.session_id)):
        (shown,) = session.known_cases
        assert not any(shown.text(field, tag) for field in Case.texts for tag in ("en", "fr", "zh-Hans"))
        assert (shown.title, shown.summary) == ("", "")
        assert str(shown) == f"case {case.pk}"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "For: Africa"), ("fr", "Pour : Afrique"), ("zh-Hans", "面向：非洲")]
)
@pytest.mark.parametrize("path", [*PAGES, PAPER])
def test_an_audience_is_said(course: Course, path: str, language: str, words: str) -> None:
    assert words not in read(path, language=language)
    Session.objects.update(audience="Africa")
    assert words in read(path, language=language).replace("：\N{SPACE}", "：").replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.parametrize("field", ["title_en", "room", "case", "city_en"])
def test_paper_says_of_each_text_that_it_is_in_another_language(
    case: Case, course: Course, field: str
) -> None:
    """One of them is not translated, the others are."""
    translated = {"title_fr": "Titre"}
    Course.objects.update(city_en="Hangzhou", city_fr="Hangzhou", **translated)
    for model in (Session, Room, Case):
        model.objects.update(**translated)
    Case.objects.update(consent=timezone.now())
    assert "affiché en anglais" not in read(PAPER, language="fr")
    match field:
        case "room":
            Room.objects.update(title_fr="")
        case "case":
            Case.objects.update(title_fr="")
        case "city_en":
            Course.objects.update(city_fr="")
        case _:
            Session.objects.update(title_fr="")
    assert read(PAPER, language="fr").count("affiché en anglais") == 1


def test_an_entry_of_a_calendar_says_so_too_and_once(course: Course) -> None:
    Session.objects.update(summary_en="Two steps.")
    path = "/courses/course/programme.ics"
    assert "DESCRIPTION:Two steps.\\n(affiché en anglais)\r\n" in read(path, language="fr")
    assert "DESCRIPTION:Two steps.\r\n" in read(path)


def test_a_large_programme_with_all_that_can_be_said_is_still_small_enough(db: None) -> None:
    """What test_kept measures, with an audience and a case in every session."""
    course = make_course(sessions=60)
    Session.objects.update(audience="Africa")
    technique = Technique.objects.create(slug="resection", title_en="Resection")
    Case.objects.bulk_create(
        Case(session=session, technique=technique, title_en=f"Tumour {session.pk}", consent=timezone.now())
        for session in course.sessions.all()
    )
    assert len(gzip.compress(read("/courses/course/copy/").encode())) < 12_000
