"""The programme as a PDF: read again by another library than the one that made it."""

from io import BytesIO
from threading import BoundedSemaphore

import pytest
import typst
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme import pdf as paper
from amphitheatre.web.programme.models import Course, Duty, Part, Session
from tests.web.registration.conftest import make_course

CJK = "NotoSansCJKsc"


def pdf(language: str = "en", zone: str = "") -> PdfReader:
    client = Client(headers={"Accept-Language": language})
    if zone:
        client.cookies["amphitheatre_zone"] = zone
    answer = client.get("/courses/course/programme.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def text(read: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in read.pages)


def test_it_says_what_the_page_says_in_the_readers_zone_and_the_courses(course: Course) -> None:
    Course.objects.update(summary_en="For surgeons", city_en="Hangzhou")
    said = text(pdf(zone="Africa/Bamako"))
    for part in ("Course", "For surgeons", "Hangzhou", "9 Nov 2026 – 30 Nov 2099", "Mon 9 Nov",
                 "Operation 0", "Theatre",
                 "00:30 – 01:30", "Bamako", "08:30 – 09:30 Shanghai", "Live operation", "中文", "→ English",
                 "/courses/course/", "1 / 1"):  # fmt: skip
        assert part in said
    assert "Bamako" not in text(pdf())


@pytest.mark.parametrize(
    ("language", "day", "kind", "tag"),
    [
        ("en", "Mon 9 Nov", "Live operation", "en"),
        ("fr", "lun. 9 nov.", "Opération en direct", "fr"),
        ("zh-hans", "11月9日周一", "手术直播", "zh-CN"),
    ],
)
def test_it_is_in_the_readers_language_with_its_fonts_in_it(
    course: Course, language: str, day: str, kind: str, tag: str
) -> None:
    Session.objects.update(title_fr="Opération à cœur ouvert", title_zh_hans="微创手术")
    read = pdf(language)
    said = text(read).replace(" ", "")
    assert day.replace(" ", "") in said
    assert kind.replace(" ", "") in said
    assert read.trailer["/Root"]["/Lang"] == tag
    fonts = read.pages[0]["/Resources"]["/Font"].values()
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert any(CJK in font["/FontName"] for font in descriptors)
    assert all("/FontFile3" in font or "/FontFile2" in font for font in descriptors)
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]  # a screen reader finds its way


def test_a_text_that_is_not_translated_names_its_language(course: Course) -> None:
    assert "affiché en anglais" in text(pdf("fr"))


def test_cancelled_sessions_say_so_and_people_stand_with_what_they_do(course: Course) -> None:
    named = User.objects.create_user("a@example.org", name="阿一", latin_name="A Yi", named=True)
    hidden = User.objects.create_user("b@example.org", name="Nobody Known", named=False)
    session = Session.objects.get()
    for person in (named, hidden):
        Duty.objects.create(session=session, person=person, part=Part.SPEAKER)
    Session.objects.update(cancelled=True)
    said = text(pdf())
    assert "Cancelled" in said
    assert "Speaker: 阿一 (A Yi)" in said
    assert "Nobody" not in said


@pytest.mark.parametrize(
    "title",
    [
        '#panic("no") $x$ *a* _b_ <c> @d \\ // "',
        "[unbalanced {",
        "ت‏سجيل Регистрация 微创 ñ",
        "a" * 200,
        "\u202eevil",
    ],
)
def test_whatever_a_title_holds_is_shown_and_never_run(course: Course, title: str) -> None:
    Session.objects.update(title_en=title)
    assert pdf().pages
    if title.isascii():
        assert title.replace(" ", "")[:12] in text(pdf()).replace(" ", "").replace("\n", "")


def test_a_large_course_runs_over_several_pages_whose_number_is_told(db: None) -> None:
    make_course(sessions=60)
    read = pdf()
    assert f"2 / {len(read.pages)}" in text(read)
    assert "Operation 59" in text(read)


def test_a_draft_has_none_for_strangers(course: Course) -> None:
    Course.objects.update(published=None)
    assert Client().get("/courses/course/programme.pdf").status_code == 404


def test_a_name_in_a_script_that_no_font_here_knows_costs_nobody_the_programme(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = typst.Compiler(
        paper.TEMPLATE, root=paper.TEMPLATE.parent, font_paths=[paper.FONTS], ignore_system_fonts=True
    )
    monkeypatch.setattr(paper, "_compiler", lambda: ours)
    session = Session.objects.get()
    person = User.objects.create_user("a@example.org", name="ߊߡߌߣߊߕߊ", latin_name="Aminata", named=True)
    Duty.objects.create(session=session, person=person, part=Part.SPEAKER)
    assert "Aminata" in text(pdf())


def test_when_many_are_being_set_one_is_told_to_come_back(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_queue", BoundedSemaphore(1))
    assert paper._queue.acquire(blocking=False)
    cache.clear()
    answer = Client().get("/courses/course/programme.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    paper._queue.release()
    assert pdf().pages
    assert paper._queue.acquire(blocking=False)
    assert pdf().pages  # from the cache, past the queue
