"""The history of a record says which fields were changed, never what stood in them, and by whom."""

import html
import re

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.programme.models import Session, Technique
from tests.web.office.conftest import page, worker
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def technique() -> Technique:
    return Technique.objects.create(slug="one", title_en="Technique")


def change(who: Client, technique: Technique, **facts: str) -> None:
    form = {"slug": "one", "original": "en", "title_en": "Technique"} | facts
    answer = who.post(f"/office/snippets/programme/technique/edit/{technique.pk}/", form)
    assert answer.status_code == 302


def history(who: Client, path: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", page(who, path).partition("<table")[2]))
    return " ".join(text.split())


def test_it_says_which_fields_were_changed_in_the_readers_language(technique: Technique) -> None:
    change(worker(preferred_language="en"), technique, title_fr="Une technique", slug="two")
    path = f"programme/technique/history/{technique.pk}/"
    editor = worker(AccountRole.EDITOR, preferred_language="en")
    assert "Edited: Name in addresses, Title · Français" in history(editor, path)
    reviewer = worker(AccountRole.REVIEWER, preferred_language="fr")
    assert "Titre · Français" in history(reviewer, path)
    assert "Une technique" not in history(editor, path)


def test_it_says_when_nothing_was_changed(technique: Technique) -> None:
    who = worker()
    change(who, technique)
    assert "Edited: nothing" in history(who, f"programme/technique/history/{technique.pk}/")


def test_it_keeps_no_value_of_a_person() -> None:
    person = User.objects.create_user("lea@example.org", name="Lea")
    form = {"email": "lea2@example.org", "name": "Léa Example", "is_active": "on", "licence_number": "42-17"}
    who = worker()
    assert who.post(f"/office/snippets/office/person/edit/{person.pk}/", form).status_code == 302
    entry = ModelLogEntry.objects.get()
    assert entry.data == {"fields": ["name", "email", "licence_number"]}
    assert "Edited: Name, E-mail address, Licence number" in history(
        who, f"office/person/history/{person.pk}/"
    )


def test_a_session_that_is_saved_as_it_was_has_changed_in_nothing() -> None:
    session = make_course().sessions.get()
    Session.objects.filter(pk=session.pk).update(audience="Africa")
    form = {
        "course": session.course_id, "kind": session.kind, "room": session.room_id, "day": "2026-11-09",
        "begins": "08:30", "minutes": "60", "original": "en", "title_en": "Operation 0", "floor": "zh-Hans",
        "interpreted": ["en"], "audience": "Africa", "technique": "",
    }  # fmt: skip
    who = worker()
    path = f"/office/snippets/programme/session/edit/{session.pk}/"
    assert who.post(path, form).status_code == 302
    assert ModelLogEntry.objects.get().data == {"fields": []}
    assert who.post(path, form | {"begins": "09:30"}).status_code == 302
    assert ModelLogEntry.objects.first().data == {"fields": ["begins"]}


def test_older_entries_and_other_deeds_stand_as_they_did(technique: Technique) -> None:
    ModelLogEntry.objects.log_action(technique, "wagtail.create")
    ModelLogEntry.objects.log_action(technique, "wagtail.edit")
    assert re.search(r"Edited .*Created ", history(worker(), f"programme/technique/history/{technique.pk}/"))


def test_who_did_it_is_named_and_addresses_are_for_those_who_may_look_at_people(technique: Technique) -> None:
    change(worker(name="Aminata"), technique, slug="two")
    change(worker(AccountRole.DIRECTOR), technique, slug="three")
    address = "director-at-work@example.org"
    for view in ("history", "edit"):
        path = f"programme/technique/{view}/{technique.pk}/"
        assert address not in page(worker(AccountRole.EDITOR, email=f"{view}@example.org"), path)
    text = page(worker(AccountRole.REVIEWER), f"programme/technique/history/{technique.pk}/")
    assert "Aminata" in text
    assert "secretariat-at-work@example.org" not in text
    assert address in page(worker(AccountRole.SECRETARIAT, email="s@example.org"), path)
