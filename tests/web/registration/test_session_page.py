"""The page of a session and its materials: who is given which, who brings them, and what is taken."""

import asyncio
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.domain import materials
from amphitheatre.web.programme.models import (
    Audience,
    Case,
    Course,
    Duty,
    Material,
    Part,
    Phase,
    Session,
    Step,
    Technique,
)
from amphitheatre.web.registration.models import State
from tests.web.conftest import client_of, signed_in
from tests.web.registration.conftest import make_course, register

PDF = b"%PDF-1.7\nslides"


def document(*parts: str) -> bytes:
    """A document of an office suite, as far as it is looked at."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as file:
        for name in parts:
            file.writestr(name, "x")
    return body.getvalue()


@pytest.fixture
def session(course: Course) -> Session:
    return course.sessions.get()


@pytest.fixture
def address(session: Session) -> str:
    return f"/courses/course/sessions/{session.pk}/"


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", name=name)


def with_part(session: Session, part: Part) -> User:
    user = person(part.value)
    Duty.objects.create(
        session=session, person=user, part=part, language="en" if part == Part.INTERPRETER else ""
    )
    return user


def bring(session: Session, audience: Audience = Audience.PARTICIPANTS, title: str = "Slides") -> Material:
    file = SimpleUploadedFile("slides.pdf", PDF)
    return materials.bring(session, title, audience, file, person("bringer"))


def test_it_shows_cases_with_their_technique_s_steps(session: Session, address: str) -> None:
    technique = Technique.objects.create(slug="resection", title_en="Resection")
    phase = Phase.objects.create(technique=technique, position=1, title_en="Access")
    Step.objects.create(phase=phase, position=1, title_en="First port")
    Case.objects.create(
        session=session, technique=technique, title_en="Tumour of the head", consent=timezone.now()
    )
    page = Client().get(address).content.decode()
    for text in ("Operation 0", "Tumour of the head", "Resection", "Access", "First port", "Theatre"):
        assert text in page
    assert "Tumour of the head" in Client().get("/courses/course/").content.decode()


def test_a_draft_s_session_is_not_shown(address: str) -> None:
    Course.objects.update(published=None)
    assert Client().get(address).status_code == 404


def test_a_session_of_another_course_is_not_found_under_this_one(course: Course) -> None:
    other = make_course("other")
    assert Client().get(f"/courses/course/sessions/{other.sessions.get().pk}/").status_code == 404


def test_materials_go_to_those_who_take_part(
    session: Session, address: str, institution: Institution
) -> None:
    shown, prepared = bring(session), Material.objects.none()
    User.objects.filter(email="bringer@example.org").delete()
    prepared = bring(session, Audience.BOOTH, "Draft")
    confirmed = register(session.course, institution, 1, State.CONFIRMED).person
    waiting = register(session.course, institution, 2, State.WAITING).person
    interpreter, speaker = with_part(session, Part.INTERPRETER), with_part(session, Part.SPEAKER)
    expected = {
        confirmed: (200, 404),
        waiting: (404, 404),
        interpreter: (200, 200),
        speaker: (200, 200),
        person("stranger"): (404, 404),
    }
    for who, statuses in expected.items():
        client = client_of(who)
        page = client.get(address).content.decode()
        for material, status in zip((shown, prepared), statuses, strict=True):
            assert client.get(f"/courses/course/materials/{material.pk}/").status_code == status
            assert (material.title in page) is (status == 200)
    assert Client().get(f"/courses/course/materials/{shown.pk}/").status_code == 302
    assert "Slides and articles" not in Client().get(address).content.decode()


def test_an_interpreter_of_the_course_prepares_for_all_its_sessions(course: Course) -> None:
    first = course.sessions.get()
    second = Session.objects.create(
        course=course, kind="lecture", title_en="Other", day=first.day, begins=first.begins, minutes=5,
        floor="en",
    )  # fmt: skip
    material = bring(second, Audience.BOOTH)
    for part, status in ((Part.INTERPRETER, 200), (Part.SPEAKER, 404)):
        found = client_of(with_part(first, part)).get(f"/courses/course/materials/{material.pk}/")
        assert found.status_code == status


def pieces(answer: StreamingHttpResponse) -> list[bytes]:
    """As the server takes them."""

    async def taken() -> list[bytes]:
        return [piece async for piece in answer.streaming_content]

    return asyncio.run(taken())


def test_what_is_saved_is_what_was_sent_and_never_opened_under_our_name(session: Session) -> None:
    material = bring(session, title="Résultats / 结果")
    answer = signed_in(AccountRole.SECRETARIAT).get(f"/courses/course/materials/{material.pk}/")
    assert b"".join(pieces(answer)) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''R%C3%A9sultats%20-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(PDF))


def test_who_speaks_brings_and_removes_and_nobody_else(session: Session, address: str) -> None:
    def fields() -> dict[str, object]:
        file = SimpleUploadedFile("anything.PDF", PDF)
        return {"title": "Mine", "audience": "booth", "file": file}

    for who in (with_part(session, Part.INTERPRETER), person("stranger")):
        assert client_of(who).post(address + "materials/", fields()).status_code == 403
    speaker = client_of(with_part(session, Part.SPEAKER))
    assert 'name="file"' in speaker.get(address).content.decode()
    assert speaker.post(address + "materials/", fields()).status_code == 302
    kept = Material.objects.get()
    path = Path(kept.file.path)
    assert path.is_relative_to(settings.AMPHITHEATRE.data / "materials")
    assert (path.suffix, path.stat().st_mode & 0o777) == (".pdf", 0o600)
    assert "anything" not in path.name
    remove = f"/courses/course/materials/{kept.pk}/remove/"
    assert client_of(person("another")).post(remove).status_code == 403
    assert speaker.post(remove).status_code == 302
    assert not Material.objects.exists()


def test_what_is_brought_twice_is_there_once(session: Session, address: str) -> None:
    """As by whoever did not hear the answer."""
    speaker = client_of(with_part(session, Part.SPEAKER))
    large = PDF + b"x" * 200_000
    for body in (large, large, large.replace(b"slides", b"papers")):
        file = SimpleUploadedFile("slides.pdf", body)
        speaker.post(f"{address}materials/", {"title": "Slides", "audience": "participants", "file": file})
    assert session.materials.count() == 2


def test_who_had_to_sign_in_on_the_way_comes_back_to_the_session(session: Session, address: str) -> None:
    answer = client_of(with_part(session, Part.SPEAKER)).get(f"{address}materials/?pass=x")
    assert (answer.status_code, answer["Location"]) == (302, address)


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_its_record(tmp_path: Path) -> None:
    session = make_course().sessions.get()
    path = Path(bring(session).file.path)
    assert path.is_file()
    session.delete()
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("slides.pdf", b"<html><script>alert(1)</script>"),
        ("slides.html", b"%PDF-1.7"),
        ("slides.svg", b"<svg/>"),
        ("slides.exe", b"MZ"),
        ("slides", PDF),
        ("slides.pptx", PDF),
        ("slides.pptx", document("other.txt")),
        ("slides.pptx", document("[Content_Types].xml", "ppt/vbaProject.bin")),
        ("slides.odp", document("mimetype", "Basic/Standard/script.xml")),
        ("slides.pptx", document("[Content_Types].xml", *(f"part{n}" for n in range(10_000)))),
        ("slides.pptx", b"PK\x05\x06"),
        ("empty.pdf", b""),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_is_kept(
    session: Session, address: str, name: str, body: bytes
) -> None:
    fields = {"title": "Mine", "audience": "participants", "file": SimpleUploadedFile(name, body)}
    answer = signed_in(AccountRole.SECRETARIAT).post(address + "materials/", fields)
    assert answer.status_code == 400
    assert "file-error" in answer.content.decode()
    assert not Material.objects.exists()


@pytest.mark.parametrize("name", ["a.pptx", "a.docx"])
def test_documents_of_office_suites_are_taken(session: Session, address: str, name: str) -> None:
    file = SimpleUploadedFile(name, document("[Content_Types].xml", "ppt/presentation.xml"))
    fields = {"title": "Mine", "audience": "participants", "file": file}
    assert signed_in(AccountRole.SECRETARIAT).post(address + "materials/", fields).status_code == 302


def test_a_file_that_is_too_large_is_refused(
    session: Session, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "LARGEST", 10)
    fields = {"title": "Mine", "audience": "booth", "file": SimpleUploadedFile("a.pdf", PDF)}
    answer = signed_in(AccountRole.SECRETARIAT).post(address + "materials/", fields)
    assert "too large" in answer.content.decode()


def test_a_page_takes_few_queries(
    session: Session, address: str, django_assert_max_num_queries: object
) -> None:
    client = client_of(with_part(session, Part.SPEAKER))
    client.get(address)  # the first visit notes that somebody is here
    with django_assert_max_num_queries(14):
        client.get(address)
