"""A sheet of doctors is understood in three languages, and what is wrong is told by row."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from amphitheatre.web.registration.domain.roster import roster

HEAD = ["Name", "E-mail address", "Profession"]
GOOD = ["Aminata Traoré", "aminata@example.org", "Doctor"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("head", "profession"),
    [
        (["Name", "E-mail address", "Profession"], "Doctor"),
        (["NOM ET PRENOM", "Courriel", "Profession"], "Médecin"),
        (["姓名", "电子邮箱", "职业"], "医生"),
        (["full name", "EMAIL", "profession "], "surgeon"),
    ],
)
def test_headings_and_professions_in_every_language(head: list[str], profession: str) -> None:
    found = roster([head, ["Aminata Traoré", "Aminata@Example.org", profession]])
    assert found.faults == []
    (one,) = found.candidates
    assert (one.row, one.email, one.name, one.profession, one.mode) == (
        2, "aminata@example.org", "Aminata Traoré", "doctor", "online",
    )  # fmt: skip


def test_what_else_may_stand_in_a_sheet() -> None:
    head = [*HEAD, "Name in Latin letters", "Languages", "Participation", "Licence number", "Remarks"]
    found = roster(
        [head, ["王思远", "w@example.org", "护士", "Wang Siyuan", "zh, en", "sur place", "123", "-"]]
    )
    (one,) = found.candidates
    assert (one.latin_name, one.languages, one.mode, one.licence_number) == (
        "Wang Siyuan", ["zh-Hans", "en"], "on-site", "123",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "languages"),
    [
        ("", []),
        ("fr, en", ["fr", "en"]),  # the first one is preferred
        ("Français", ["fr"]),
        ("anglais et français", ["en", "fr"]),
        ("French and bambara", ["fr"]),
        ("中文、英语", ["zh-Hans", "en"]),
        ("zh-Hans", ["zh-Hans"]),
        ("en-US", ["en"]),
        ("Français (courant) English", ["fr", "en"]),
    ],
)
def test_languages_by_their_names(cell: str, languages: list[str]) -> None:
    found = roster([[*HEAD, "Langues"], ["A", "a@example.org", "doctor", cell]])
    assert [one.languages for one in found.candidates] == [languages]


def test_languages_that_no_letter_is_written_in_are_told() -> None:
    found = roster([[*HEAD, "Langues"], ["A", "a@example.org", "doctor", "klingon"]])
    assert "Name one of them, or none" in found.faults[0].text


@pytest.mark.parametrize(
    "name", ["عائشہ خان", "Ђорђе Илић", "O’Connor-Ní Bhriain", "ᠪᠠᠲᠤ", "Nguyễn Thị Minh"]
)
def test_names_in_any_script_and_direction(name: str) -> None:
    assert roster([HEAD, [name, "a@example.org", "doctor"]]).candidates[0].name


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["", "a@example.org", "doctor"], "name is missing"),
        (["A", "", "doctor"], "no e-mail address"),
        (["A", "a@", "doctor"], "no e-mail address"),
        (["A", "a@example.org", "astronaut"], "no profession"),
        (["A", "a@example.org", ""], "no profession"),
        (['=HYPERLINK("http://x")', "a@example.org", "doctor"], "looks like a formula"),
        (["@SUM(1)", "a@example.org", "doctor"], "looks like a formula"),
        (["A\x07B", "a@example.org", "doctor"], "can't be shown"),
        (["A" * 151, "a@example.org", "doctor"], "too long"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(row: list[str], said: str) -> None:
    found = roster([HEAD, GOOD, row])
    assert [fault.row for fault in found.faults] == [3]
    assert said in found.faults[0].text


def test_the_same_address_twice_is_told() -> None:
    found = roster([HEAD, GOOD, ["Another", GOOD[1].upper(), "nurse"]])
    assert [(fault.row, "row 2" in fault.text) for fault in found.faults] == [(3, True)]


def test_missing_and_doubled_columns_are_told() -> None:
    assert len(roster([["Name", "Remarks"], ["A", "-"]]).faults) == 2
    assert "Two columns" in roster([[*HEAD, "Nom"], [*GOOD, "B"]]).faults[0].text


def test_a_sheet_of_headings_alone_is_told_and_empty_rows_are_none() -> None:
    assert roster([HEAD]).faults[0].row == 2
    assert [one.row for one in roster([HEAD, [], ["", "", ""], GOOD]).candidates] == [4]


def test_it_is_told_in_the_readers_language() -> None:
    with translation.override("fr"):
        assert roster([HEAD, ["", "a@example.org", "doctor"]]).faults[0].text == "Le nom manque."
