"""A text is shown in the reader's language where there is one, and the page says openly where there is not."""

from datetime import timedelta
from itertools import product

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from amphitheatre.web.programme.models import Technique
from amphitheatre.web.texts import models
from amphitheatre.web.texts.shown import Freshness, freshness, shown, stale
from amphitheatre.web.ui.language import TAGS

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique() -> Technique:
    return Technique.objects.create(slug="one", original="en", title_en="Resection", title_fr="Résection")


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(models.timezone, "now", lambda: at)


def test_a_translation_is_shown(technique: Technique) -> None:
    assert shown(technique, "title", "fr") == ("Résection", "fr", Freshness.FRESH)


def test_where_there_is_none_the_original_is_shown_and_named(technique: Technique) -> None:
    assert shown(technique, "title", "zh-Hans") == ("Resection", "en", Freshness.MISSING)
    with translation.override("zh-hans"):
        page = Template("{% load texts %}{% text one 'title' %}").render(Context({"one": technique}))
    assert '<span lang="en">Resection</span>' in page
    assert "英语" in page


def test_an_original_that_changes_leaves_its_translations_behind(
    technique: Technique, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    found = Technique.objects.get(pk=technique.pk)
    found.title_en = "Radical resection"
    found.save()
    found = Technique.objects.get(pk=technique.pk)
    assert shown(found, "title", "fr").freshness is Freshness.OLDER
    assert freshness(found)["title"] == {"zh-Hans": Freshness.MISSING, "fr": Freshness.OLDER}
    found.title_fr = "Résection radicale"
    found.save(update_fields=["title_fr"])
    assert shown(Technique.objects.get(pk=technique.pk), "title", "fr").freshness is Freshness.FRESH


def test_a_translation_that_is_still_right_is_dated_anew_with_its_original(
    technique: Technique, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch)
    found = Technique.objects.get(pk=technique.pk)
    found.title_en = "Resections"
    found.confirm(["title_fr"])
    found.save()
    found = Technique.objects.get(pk=technique.pk)
    assert shown(found, "title", "fr") == ("Résection", "fr", Freshness.FRESH)
    found.title_en = "Radical resection"
    later(monkeypatch)
    found.save()
    assert (
        shown(found, "title", "fr").freshness is Freshness.OLDER
    )  # it was right of what it was confirmed with


def test_the_database_finds_what_freshness_says() -> None:
    """Of each language: no text, one that has no date, an old one, a new one."""
    kinds = {
        "none": "",
        "undated": None,
        "old": "2026-01-01T00:00:00+00:00",
        "new": "2026-02-01T00:00:00+00:00",
    }
    for number, (original, *there) in enumerate(product(TAGS.values(), *[kinds] * len(TAGS))):
        columns = dict(zip(("title_zh_hans", "title_en", "title_fr"), there, strict=True))
        made = Technique(slug=f"t{number}", original=original)
        made.__dict__.update({column: "" if kind == "none" else "Text" for column, kind in columns.items()})
        made.save()
        made.text_dates = {column: kinds[kind] for column, kind in columns.items() if kinds[kind]}
        Technique.objects.filter(pk=made.pk).update(text_dates=made.text_dates)
    for tag in TAGS.values():
        expected = {
            one.slug
            for one in Technique.objects.all()
            if freshness(one)["title"].get(tag, Freshness.FRESH) is not Freshness.FRESH
        }
        assert {one.slug for one in Technique.objects.filter(stale(Technique, tag))} == expected
        assert expected


def test_saving_without_a_change_dates_nothing(technique: Technique, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(technique.text_dates)
    later(monkeypatch)
    Technique.objects.get(pk=technique.pk).save()
    assert Technique.objects.get(pk=technique.pk).text_dates == before


def test_where_there_is_no_text_at_all_nothing_is_missing(technique: Technique) -> None:
    assert shown(technique, "summary", "fr") == ("", "fr", Freshness.FRESH)


def test_a_text_is_no_markup(technique: Technique) -> None:
    technique.title_en = "<b>&"
    page = Template("{% load texts %}{% text one 'title' %}").render(Context({"one": technique}))
    assert page == "&lt;b&gt;&amp;"
