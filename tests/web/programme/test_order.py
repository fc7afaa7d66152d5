"""Phases, steps and cases are put in order by naming a place: whatever stands there makes room."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amphitheatre.web.programme.domain.order import put
from amphitheatre.web.programme.models import Phase, Technique

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique() -> Technique:
    return made("abcd")


def made(letters: str, slug: str = "one") -> Technique:
    """With a phase for each letter."""
    technique = Technique.objects.create(slug=slug, title_en=slug)
    for position, letter in enumerate(letters, 1):
        Phase.objects.create(technique=technique, position=position, title_en=letter)
    return technique


def order(technique: Technique) -> str:
    """Their letters, if they are counted without a gap."""
    found = list(technique.phases.order_by("position"))
    assert [phase.position for phase in found] == list(range(1, len(found) + 1))
    return "".join(phase.title_en for phase in found)


@pytest.mark.parametrize(
    ("letter", "position", "expected"),
    [
        ("b", 1, "bacd"),
        ("b", 3, "acbd"),
        ("a", 4, "bcda"),
        ("d", 1, "dabc"),
        ("b", 2, "abcd"),
        ("b", 99, "acdb"),
        ("b", 32_767, "acdb"),
        ("b", 10**20, "acdb"),
        ("b", 0, "bacd"),
        ("b", None, "acdb"),
    ],
)
def test_one_move_reorders(technique: Technique, letter: str, position: int | None, expected: str) -> None:
    put(technique.phases.get(title_en=letter), position)
    assert order(technique) == expected


@pytest.mark.parametrize(("position", "expected"), [(1, "xabcd"), (3, "abxcd"), (None, "abcdx")])
def test_a_new_one_comes_in_between(technique: Technique, position: int | None, expected: str) -> None:
    put(Phase(technique=technique, title_en="x"), position)
    assert order(technique) == expected


def test_one_that_comes_from_elsewhere_is_put_among_the_others(technique: Technique) -> None:
    other = made("xy", "two")
    phase = technique.phases.get(title_en="c")
    phase.technique = other
    put(phase, 2)
    assert order(other) == "xcy"
    assert [one.title_en for one in technique.phases.all()] == ["a", "b", "d"]


def test_what_is_written_with_the_move_is_saved_and_the_others_are_left_alone(technique: Technique) -> None:
    before = technique.phases.get(title_en="a").text_dates
    phase = technique.phases.get(title_en="d")
    phase.title_fr = "dé"
    put(phase, 1)
    assert technique.phases.get(title_en="d").title_fr == "dé"
    assert technique.phases.get(title_en="a").text_dates == before


def test_a_gap_that_was_left_is_closed(technique: Technique) -> None:
    technique.phases.get(title_en="b").delete()
    put(technique.phases.get(title_en="d"), 1)
    assert order(technique) == "dac"


@pytest.mark.parametrize("positions", [(0, 1, 10_001, 10_003), (1, 2, 3, 32_767), (2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize(("letter", "expected"), [("d", "dabc"), ("a", "abcd")])
def test_whatever_places_they_had_before(positions: tuple[int, ...], letter: str, expected: str) -> None:
    technique = made("")
    for title, position in zip("abcd", positions, strict=True):
        Phase.objects.create(technique=technique, position=position, title_en=title)
    put(technique.phases.get(title_en=letter), 1)
    assert order(technique) == expected


def test_it_takes_as_many_queries_for_many_as_for_few() -> None:
    counts = []
    for letters in ("abc", "abcdefghijklmnop"):
        technique = made(letters, letters)
        with CaptureQueriesContext(connection) as queries:
            put(technique.phases.order_by("position").last(), 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]
