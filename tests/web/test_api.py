"""The API keeps what its OpenAPI document promises, whatever it is asked (Schemathesis)."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from amphitheatre.web.accounts.domain.tokens import new_token
from amphitheatre.web.accounts.models import Scope, User
from amphitheatre.web.accounts.roles import AccountRole
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


@pytest.fixture
def program(course: Course) -> dict[str, str]:
    """The header field of a token that may everything."""
    person = User.objects.create_user("program@example.org", role=AccountRole.DIRECTOR)
    return {"Authorization": f"Bearer {new_token(person, 'x', list(Scope), 1)}"}


OFTEN = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@schema.parametrize()
@OFTEN
def test_it_keeps_its_promises_to_strangers(case: schemathesis.Case, course: Course) -> None:
    case.call_and_validate(headers=PLAIN)


@schema.parametrize()
@OFTEN
def test_it_keeps_its_promises_to_a_program_that_may_everything(
    case: schemathesis.Case, course: Course, program: dict[str, str]
) -> None:
    """Of a course that is there."""
    if "slug" in (case.path_parameters or {}):
        case.path_parameters["slug"] = course.slug
    answer = case.call(headers=PLAIN | program)
    status = answer.status_code
    case.validate_response(answer, headers=PLAIN | program)  # asks again, without the token
    others = (201, 400, 404, 409, 422) if "registrations" in case.path else ()
    assert status in (200, 401, 405, 406, *others)  # 401: it leaves the token out on purpose, too
