"""The copy of a programme that a browser keeps, and what it costs a thin line."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.programme.models import Course
from tests.web.conftest import signed_in
from tests.web.registration.conftest import make_course

COPY = "/courses/course/copy/"
MOST = 60_000  # bytes, compressed, with all that the copy needs


def test_it_is_in_the_language_and_the_zone_that_are_asked_for(course: Course) -> None:
    answer = Client(headers={"Accept-Language": "en"}).get(COPY + "?language=fr&zone=Africa/Bamako")
    page = answer.content.decode()
    assert '<html lang="fr"' in page
    assert answer.headers["Content-Language"] == "fr"
    assert "00:30 – 01:30" in page
    assert "08:30 – 09:30 Shanghai" in page


@pytest.mark.parametrize("query", ["", "?language=tlh&zone=Mars/Phobos", "?zone=../../etc/passwd"])
def test_what_makes_no_sense_is_left_out(course: Course, query: str) -> None:
    page = Client(headers={"Accept-Language": "fr"}).get(COPY + query).content.decode()
    assert '<html lang="fr"' in page
    assert "08:30 – 09:30" in page


def test_nothing_of_the_reader_is_in_it(course: Course) -> None:
    page = signed_in(AccountRole.SECRETARIAT).get(COPY).content.decode()
    assert "secretariat@example.org" not in page
    assert "csrfmiddlewaretoken" not in page
    assert "<form" not in page


def test_a_draft_is_not_kept_whoever_asks(course: Course) -> None:
    Course.objects.update(published=None)
    secretariat = signed_in(AccountRole.SECRETARIAT)
    assert secretariat.get(COPY).status_code == 404
    assert "data-copy" not in secretariat.get("/courses/course/").content.decode()


def test_the_worker_is_a_script_below_the_courses_that_no_cache_keeps(db: None) -> None:
    answer = Client().get("/courses/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer.headers["Cache-Control"]


def test_sixty_sessions_with_all_that_they_need_take_less_than_60_kb(db: None) -> None:
    make_course(sessions=60)
    copy = Client().get(COPY).content
    needed = re.findall(r'(?:href|src)="/static/([^"?]+)', copy.decode())
    assert needed
    worker = Client().get("/courses/service-worker.js").content
    files = [Path(finders.find(name)).read_bytes() for name in needed]
    assert sum(len(gzip.compress(body)) for body in (copy, worker, *files)) < MOST
