"""The API keeps what its OpenAPI document promises, whatever it is asked (Schemathesis)."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from amphitheatre.web.programme.models import Course
from tests.web.registration.conftest import make_course

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())

PLAIN = {"Accept-Encoding": "identity"}  # the client of WSGI applications does not unpack


@pytest.fixture
def course(db: None) -> Iterator[Course]:
    """The tests' own transaction stays open over the requests, as Django's test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_course()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_it_keeps_its_promises(case: schemathesis.Case, course: Course) -> None:
    """Half of the time of a course that is there."""
    case.call_and_validate(headers=PLAIN)
    if "slug" in (case.path_parameters or {}):
        case.path_parameters["slug"] = course.slug
        answer = case.call_and_validate(headers=PLAIN)
        assert answer.status_code in (200, 405, 406)
