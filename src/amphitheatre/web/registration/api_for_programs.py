"""What programs may ask and do for a person, with a token; as far as the person may."""

from datetime import datetime
from typing import Any, Final, Literal

from django.db import IntegrityError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from amphitheatre.web.accounts.domain.tokens import bearer
from amphitheatre.web.accounts.models import Scope, Token
from amphitheatre.web.programme.models import Course
from amphitheatre.web.programme.queries import missing_in, published_course
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.domain.enrolment import RowsRefusedError, enrol
from amphitheatre.web.registration.domain.roster import RowFault, as_sheet, roster
from amphitheatre.web.registration.models import Registration
from amphitheatre.web.registration.rules import Action, institutions_of, may, may_decide

_PROBLEM: Final = {
    "application/problem+json": {"schema": {"type": "object", "required": ["title", "status"]}}
}
_FURTHEST: Final = 1_000_000
_MOST: Final = 500  # people in one request, registrations in one answer


def _answers(*statuses: int) -> dict[str, Any]:
    words = {
        400: "The body is no JSON",
        401: "There is no good token",
        403: "The token does not allow it, or the person may not",
        404: "There is no such thing that the person sees",
        409: "It makes no sense any more, or not for this person",
        422: "A value is not what it has to be",
    }
    return {"responses": {status: {"description": words[status], "content": _PROBLEM} for status in statuses}}


class ByToken(HttpBearer):
    """`Authorization: Bearer …`; request.auth is the token."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return bearer(token)


router = Router(tags=["for programs"], auth=ByToken())


class PersonOut(Schema):
    name: str
    latin_name: str
    email: str
    profession: str
    country: str


class RegistrationOut(Schema):
    """institution: its name in addresses. state: invited, applied, confirmed, waiting, cancelled or attended."""

    id: int
    person: PersonOut
    institution: str
    state: str
    mode: str
    asked: datetime

    @staticmethod
    def resolve_institution(found: Registration) -> str:
        return str(found.institution.slug)


class PersonIn(Schema):
    """As a row of the spreadsheet. languages: BCP 47 tags."""

    name: str = Field(max_length=150)
    email: str = Field(max_length=254)
    profession: Literal["doctor", "nurse", "student", "technician"]
    latin_name: str = Field("", max_length=150)
    speciality: str = Field("", max_length=100)
    licence_number: str = Field("", max_length=64)
    languages: list[Literal["zh-Hans", "en", "fr"]] = Field(default_factory=list, max_length=3)
    mode: Literal["online", "on-site"] = "online"


class PeopleIn(Schema):
    institution: str = Field(max_length=64, pattern=r"^[-a-zA-Z0-9_]+$")
    people: list[PersonIn] = Field(min_length=1, max_length=_MOST)


class DecisionIn(Schema):
    decision: Literal["confirm", "cancel", "readmit"]


class MissingOut(Schema):
    """lacks: in the language that is asked for."""

    session: int
    lacks: list[str]


@router.get(
    "/courses/{slug}/registrations",
    response=list[RegistrationOut],
    openapi_extra=_answers(401, 403, 404, 422),
)
def registrations(
    request: HttpRequest, slug: str, offset: int = Query(0, ge=0, le=_FURTHEST)
) -> list[Registration]:
    """Those of the institutions that the person acts for, in the order of their asking; 500 at a time."""
    token = _allowed(request, Scope.READ)
    found = _course(slug).registrations.filter(institution__in=institutions_of(token.person))
    return list(
        found.select_related("person", "institution").order_by("asked", "pk")[offset : offset + _MOST]
    )


@router.post(
    "/courses/{slug}/registrations",
    response={201: list[RegistrationOut]},
    openapi_extra=_answers(400, 401, 403, 404, 409, 422),
)
def register(request: HttpRequest, slug: str, body: PeopleIn) -> Status[list[Registration]]:
    """All of them or none. Who is in the course already stays as they are, and is not in the answer."""
    token, course = _allowed(request, Scope.WRITE), _course(slug)
    institution = institutions_of(token.person).filter(slug=body.institution).first()
    if institution is None:
        raise Http404("no such institution")
    if not course.is_open:
        raise HttpError(409, "the course is over or cancelled")
    found = roster(as_sheet(one.model_dump() | {"languages": ",".join(one.languages)} for one in body.people))
    if found.faults:
        raise HttpError(422, _by_person(found.faults))
    try:
        made = enrol(course, institution, found.candidates, token.person)
    except RowsRefusedError as e:
        raise HttpError(409, _by_person(e.faults)) from e
    except (
        IntegrityError,
        places.NotPossibleError,
    ) as e:  # somebody else has just brought in one of these people
        raise HttpError(409, "overtaken by another request: try again") from e
    return Status(201, made)


@router.post(
    "/courses/{slug}/registrations/{key}/decision",
    response=RegistrationOut,
    openapi_extra=_answers(400, 401, 403, 404, 409, 422),
)
def decide(request: HttpRequest, slug: str, key: int, body: DecisionIn) -> Registration:
    token = _allowed(request, Scope.WRITE)
    theirs = _course(slug).registrations.filter(institution__in=institutions_of(token.person))
    found = get_object_or_404(theirs.select_related("person", "institution", "course"), pk=key)
    if not may_decide(token.person, found):
        raise HttpError(403, "nobody decides on their own registration")
    if not found.course.is_open:
        raise HttpError(409, "the course is over or cancelled")
    verb = {"confirm": places.confirm, "cancel": places.cancel, "readmit": places.readmit}[body.decision]
    try:
        verb(found, token.person)
    except places.RegistrationError as e:
        raise HttpError(409, f"not possible: it is {found.state}") from e
    found.refresh_from_db()
    return found


@router.get("/courses/{slug}/missing", response=list[MissingOut], openapi_extra=_answers(401, 403, 404))
def missing(request: HttpRequest, slug: str) -> list[MissingOut]:
    """What each session that is not cancelled still lacks before it may go live."""
    token = _allowed(request, Scope.MISSING)
    if not may(token.person.role, Action.SEE_MISSING):
        raise HttpError(403, "not for this person")
    return [MissingOut(session=session.pk, lacks=lacks) for session, lacks in missing_in(_course(slug))]


def _allowed(request: HttpRequest, scope: Scope) -> Token:
    token: Token = request.auth  # type: ignore[attr-defined]  # set by ByToken
    if scope.value not in token.scopes:
        raise HttpError(403, f"the token does not have {scope.value}")
    return token


def _by_person(faults: list[RowFault]) -> str:
    """Counted from 1, as they stand in the request."""
    return "; ".join(f"{fault.row - 1}: {fault.text}" for fault in faults)


def _course(slug: str) -> Course:
    found = published_course(slug)
    if found is None:
        raise Http404("no such course")
    return found
