"""Whoever saves a session or a part in one reads at once what is still wrong with it."""

import pytest
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Duty
from tests.web.registration.conftest import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("fatou@example.org", name="Fatou")


def saved(who: Client, path: str, form: dict[str, object]) -> str:
    """What the page says that comes after it."""
    answer = who.post(f"/office/snippets/programme/duty/{path}", form, follow=True)
    assert answer.redirect_chain
    return answer.content.decode()


def test_a_new_part_says_what_the_session_still_lacks(secretary: Client, person: User) -> None:
    session = make_course().sessions.get()
    form = {"session": session.pk, "person": person.pk, "part": "speaker", "language": ""}
    text = saved(secretary, "add/", form)
    assert "Operation 0 · Before it may go live:" in text
    assert "There is no moderator." in text
    assert "Nobody speaks or operates." not in text
    assert "/courses/course/ready/" in text


def test_a_changed_part_says_whom_it_clashes_with(secretary: Client, person: User) -> None:
    one, other = (make_course(slug).sessions.get() for slug in ("one", "two"))
    other.title_en = "Elsewhere"
    other.save()
    Duty.objects.create(session=other, person=person, part="speaker")
    duty = Duty.objects.create(session=one, person=person, part="interpreter", language="en", first=0, last=1)
    Duty.objects.filter(session=other).update(first=30)
    form = {
        "session": one.pk,
        "person": person.pk,
        "part": "interpreter",
        "language": "en",
        "first": "",
        "last": "",
    }
    text = saved(secretary, f"edit/{duty.pk}/", form)
    assert "Fatou is in “Elsewhere” at that time." in text


def test_a_part_in_a_session_that_is_cancelled_is_saved_in_silence(secretary: Client, person: User) -> None:
    course = make_course()
    course.sessions.update(cancelled=True)
    form = {"session": course.sessions.get().pk, "person": person.pk, "part": "speaker", "language": ""}
    assert "Before it may go live" not in saved(secretary, "add/", form)
    assert Duty.objects.exists()
