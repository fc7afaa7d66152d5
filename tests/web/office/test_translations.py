"""Whoever looks after translations sees which are missing and which are older than their originals."""

import re

import pytest
from django.test import Client

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.programme.models import Phase, Technique
from amphitheatre.web.texts.shown import Freshness, freshness
from tests.web.office.conftest import page, worker

pytestmark = pytest.mark.django_db
FORM = {
    "slug": "one",
    "original": "en",
    "title_en": "Resection",
    "title_fr": "Résection",
    "title_zh_hans": "",
}


@pytest.fixture
def technique() -> Technique:
    """Its title has changed since it was translated into French; there is none in Chinese."""
    technique = Technique.objects.create(slug="one", **{key: FORM[key] for key in ("title_en", "title_fr")})
    dates = {"title_fr": "2026-03-01T00:00:00+00:00", "title_en": "2026-03-02T08:00:00+00:00"}
    Technique.objects.filter(pk=technique.pk).update(text_dates=dates)
    return Technique.objects.get(pk=technique.pk)


def state(technique: Technique, tag: str = "fr") -> Freshness:
    return freshness(Technique.objects.get(pk=technique.pk))["title"][tag]


def edit(who: Client, technique: Technique, **form: object) -> None:
    answer = who.post(f"/office/snippets/programme/technique/edit/{technique.pk}/", FORM | form)
    assert answer.status_code == 302, answer.content.decode()


def beside(text: str, column: str) -> str:
    """What a form says of that field."""
    found = re.search(
        rf'aria-describedby="([^"]*)"[^>]*name="{column}"|name="{column}"[^>]*aria-describedby="([^"]*)"',
        text,
    )
    if found is None:
        return ""
    told = re.search(rf'id="{found[1] or found[2]}".*?<div class="help">(.*?)</div>', text, re.DOTALL)
    return told[1] if told else ""


def test_a_form_says_beside_each_text_how_it_is(secretary: Client, technique: Technique) -> None:
    text = page(secretary, f"programme/technique/edit/{technique.pk}/")
    assert beside(text, "title_en") == ""
    assert "Older than the original" in beside(text, "title_fr")
    assert "2 Mar" in beside(text, "title_fr")
    assert "16:00 Shanghai" in beside(text, "title_fr")
    assert beside(text, "title_zh_hans") == "Not translated yet: shown in English."
    assert beside(text, "summary_fr") == ""  # there is none to translate


def test_a_new_record_lacks_nothing_yet(secretary: Client) -> None:
    text = page(secretary, "programme/technique/add/")
    assert "Not translated yet" not in text
    assert "Still right" not in text


def test_a_translation_that_is_still_right_is_ticked(secretary: Client, technique: Technique) -> None:
    edit(secretary, technique)
    assert state(technique) is Freshness.OLDER
    edit(secretary, technique, confirmed=["title_fr"])
    assert state(technique) is Freshness.FRESH
    assert Technique.objects.get().title_fr == "Résection"


def test_a_slip_is_mended_without_making_translations_older(secretary: Client, technique: Technique) -> None:
    edit(secretary, technique, title_en="Resections", confirmed=["title_fr"])
    assert state(technique) is Freshness.FRESH


def test_only_translations_that_are_there_can_be_ticked(secretary: Client, technique: Technique) -> None:
    text = page(secretary, f"programme/technique/edit/{technique.pk}/")
    assert re.findall(r'name="confirmed" value="(\w+)"', text) == ["title_fr"]
    assert "Title · Français (translation older than the original)" in text
    path = f"/office/snippets/programme/technique/edit/{technique.pk}/"
    answer = secretary.post(path, FORM | {"confirmed": ["title_en"]})
    assert answer.status_code == 200
    assert state(technique) is Freshness.OLDER


def test_a_list_says_what_is_missing_or_older_and_finds_it(secretary: Client, technique: Technique) -> None:
    whole = {"title_en": "Whole", "title_fr": "Entier", "title_zh_hans": "全"}
    Technique.objects.create(slug="two", **whole)
    text = page(secretary, "programme/technique/")
    assert "中文" in text
    assert "Français: older than the original" in text
    for tag, found in (("fr", True), ("zh-Hans", True), ("en", False)):
        narrowed = page(secretary, f"programme/technique/?translations={tag}")
        assert ("Resection" in narrowed) is found, tag
        assert "Whole" not in narrowed


@pytest.mark.parametrize(
    "path", ["course", "session", "case", "room", "technique", "phase", "step", "../alliance/institution"]
)
def test_every_list_of_texts_can_be_narrowed_down_to_what_is_to_be_translated(
    secretary: Client, path: str
) -> None:
    text = page(secretary, f"programme/{path}/?translations=fr".replace("programme/../", ""))
    assert 'name="translations"' in text


def test_who_only_looks_is_not_told_what_to_translate(technique: Technique) -> None:
    Phase.objects.create(technique=technique, position=1, title_en="Phase")
    assert "Français: missing" not in page(worker(AccountRole.INTERPRETER), "programme/phase/")
    assert "Français: missing" in page(worker(AccountRole.EDITOR), "programme/phase/")
