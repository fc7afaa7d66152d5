"""Those who do something in a course are told what, when it is published and whenever it is something else."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course, Duty, Part, Room, Session
from amphitheatre.web.registration.domain.programme_news import QUIET, nothing_to_tell, tell
from amphitheatre.web.registration.models import State
from tests.web.registration.conftest import register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 8, 12, 0, tzinfo=UTC)


@pytest.fixture
def duty(course: Course, monkeypatch: pytest.MonkeyPatch) -> Duty:
    """An interpreter in Paris, half an hour of the only session; some hours before."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    Course.objects.update(published=NOW - timedelta(days=9))
    nothing_to_tell(course)
    person = User.objects.create_user(
        "i@example.org",
        "a-long-pass-phrase",
        name="Claire",
        time_zone="Europe/Paris",
        preferred_language="fr",
    )
    return Duty.objects.create(
        session=Session.objects.get(), person=person, part=Part.INTERPRETER, language="fr", first=30
    )


def letters(after: timedelta = QUIET) -> list[Letter]:
    """Those that are written now."""
    before = list(Letter.objects.values_list("pk", flat=True))
    tell(NOW + after)
    return list(Letter.objects.exclude(pk__in=before).order_by("to"))


def test_the_first_letter_says_what_and_when_in_their_language_and_time(duty: Duty) -> None:
    assert letters(QUIET - timedelta(seconds=1)) == []
    (letter,) = letters()
    assert (letter.to, letter.subject) == ("i@example.org", "Vos interventions dans le cours : Course")
    assert "* Operation 0\n  Interprète, Français; lun. 9 nov., 02:00 Paris · 09:00 Shanghai" in letter.text
    assert "30 min; Theatre; 中文 → English" in letter.text
    assert "invitation" not in letter.text  # has a password
    assert letters() == []


def test_it_lets_in_who_has_never_come_in(duty: Duty) -> None:
    duty.person.set_unusable_password()
    duty.person.save()
    assert "/accounts/invitation/" in letters()[0].text


def test_a_draft_is_told_to_nobody(duty: Duty) -> None:
    Course.objects.update(published=None)
    assert letters() == []


def test_a_session_that_moves_moves_their_part_and_is_told_once(
    duty: Duty, course: Course, institution: Institution
) -> None:
    """Also to those who take part besides."""
    letters()
    doctor = register(course, institution, state=State.CONFIRMED).person
    doctor.duties.create(session=duty.session, part=Part.CHAIR)
    letters()
    session = Session.objects.get()
    session.begins = time(10, 0)
    session.save()
    chair, moved = letters()
    assert (chair.to, moved.to) == (doctor.email, "i@example.org")
    assert moved.subject == "Vos interventions ont changé : Course"
    now, was = moved.text.partition("C’était")[::2]
    assert "03:30 Paris · 10:30 Shanghai, 30 min" in now
    assert "02:00 Paris · 09:00 Shanghai, 30 min" in was


def test_another_shift_is_told(duty: Duty) -> None:
    letters()
    duty.first, duty.last = 0, 20
    duty.save()
    assert "01:30 Paris · 08:30 Shanghai, 20 min" in letters()[0].text.partition("C’était")[0]


def test_what_is_somebody_elses_now_is_told_to_both(duty: Duty) -> None:
    letters()
    duty.person = User.objects.create_user("other@example.org", name="Other")
    duty.save()
    before, now = letters()
    assert "N’est plus la vôtre" in before.text
    assert now.to == "other@example.org"
    assert "Vous n’avez plus d’intervention" in before.text
    assert "/me/" not in before.text
    assert "Interpreter, Français; Mon 9 Nov, 09:00 Shanghai" in now.text


def test_what_is_taken_away_is_told(duty: Duty) -> None:
    letters()
    duty.delete()
    assert "N’est plus la vôtre" in letters()[0].text
    assert letters() == []


def test_a_session_that_is_cancelled_or_deleted_is_told(duty: Duty) -> None:
    letters()
    session = Session.objects.get()
    session.cancelled = True
    session.save()
    assert "Annulée" in letters()[0].text
    session.delete()
    assert "Une séance retirée" in letters()[0].text


def test_another_language_or_part_is_told_with_what_it_was(duty: Duty) -> None:
    letters()
    Session.objects.update(interpreted=["en", "fr"])
    duty.part, duty.language = Part.CHAIR, ""
    duty.save()
    now, was = letters()[0].text.partition("C’était")[::2]
    assert "中文 → English, Français" in now
    assert "Interprète, Français" in was
    assert "→ English\n" in was or "→ English." in was


def test_a_shift_that_is_past_the_end_now_is_gone(duty: Duty) -> None:
    letters()
    session = Session.objects.get()
    session.minutes = 20
    session.save()
    assert "N’est plus la vôtre" in letters()[0].text


def test_who_comes_in_by_the_hospitals_sign_in_gets_no_link_for_a_password(duty: Duty) -> None:
    duty.person.set_unusable_password()
    duty.person.last_login = NOW
    duty.person.save()
    assert "/accounts/invitation/" not in letters()[0].text


def test_times_are_those_of_the_institution_where_the_account_names_none(
    duty: Duty, institution: Institution
) -> None:
    duty.person.affiliations.create(institution=institution)
    User.objects.update(time_zone="")
    assert "01:00 Bamako · 09:00 Shanghai" in letters()[0].text


def test_a_title_or_a_room_of_no_consequence_is_not_told(duty: Duty) -> None:
    letters()
    session = Session.objects.get()
    session.title_en = "Another title"
    session.save()
    assert letters() == []
    session.room = Room.objects.create(slug="hall", title_en="Great hall")
    session.save()
    assert "Great hall" in letters()[0].text


def test_nobody_is_told_of_what_is_over_or_after_they_have_left(duty: Duty) -> None:
    assert letters(timedelta(days=2)) == []
    Duty.objects.update(first=0)
    Session.objects.get().save()
    User.objects.update(is_active=False)
    assert letters() == []
