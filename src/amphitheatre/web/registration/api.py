"""What the world may ask about courses, without signing in."""

from datetime import date, datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema

from amphitheatre.web.programme.calendar_answer import course_calendar
from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.programme.queries import published_course, published_courses, sessions_of
from amphitheatre.web.registration import queries
from amphitheatre.web.ui.language import TAGS

router = Router(tags=["courses"])
Texts = dict[str, str]


class CourseOut(Schema):
    """Texts by BCP 47 tag; a language without a text is left out."""

    slug: str
    title: Texts
    summary: Texts
    city: Texts
    time_zone: str
    first_day: date
    last_day: date


class SessionOut(Schema):
    """starts, ends: UTC. room: the name of its room on air, or null."""

    id: int
    kind: str
    title: Texts
    starts: datetime
    ends: datetime
    room: str | None
    floor: str
    interpreted: list[str]
    audience: str
    cancelled: bool


class FiguresOut(Schema):
    participants: int
    institutions: int
    countries: int
    continents: int


class CourseFiguresOut(Schema):
    """registered: places that are confirmed. attended: those who were there."""

    registered: FiguresOut
    attended: FiguresOut


_NOT_THERE: Final = {
    "description": "There is no such course that everybody sees",
    "content": {"application/problem+json": {"schema": {"type": "object", "required": ["title", "status"]}}},
}
_OF_A_COURSE: Final = {"responses": {404: _NOT_THERE}}
_CALENDAR: Final = {
    "parameters": [
        {
            "in": "query",
            "name": "language",
            "description": "zh-Hans, en or fr; without it, or with another one, the reader's",
            "schema": {"type": "string"},
        }
    ],
    "responses": {
        200: {"description": "RFC 5545", "content": {"text/calendar": {"schema": {"type": "string"}}}},
        404: _NOT_THERE,
    },
}


@router.get("/courses", response=list[CourseOut])
def courses(request: HttpRequest) -> list[CourseOut]:
    return [_course(course) for course in published_courses()]


@router.get("/courses/{slug}", response=CourseOut, openapi_extra=_OF_A_COURSE)
def course(request: HttpRequest, slug: str) -> CourseOut:
    return _course(_published(slug))


@router.get("/courses/{slug}/sessions", response=list[SessionOut], openapi_extra=_OF_A_COURSE)
def sessions(request: HttpRequest, slug: str) -> list[SessionOut]:
    return [_session(session) for session in sessions_of(_published(slug))]


@router.get("/courses/{slug}/figures", response=CourseFiguresOut, openapi_extra=_OF_A_COURSE)
def figures(request: HttpRequest, slug: str) -> CourseFiguresOut:
    counted = queries.figures(_published(slug))
    return CourseFiguresOut(**{kind: vars(found) for kind, found in counted.items()})


@router.get("/courses/{slug}/programme.ics", openapi_extra=_CALENDAR)
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as an iCalendar (RFC 5545), in the language that is asked for."""
    return course_calendar(request, _published(slug))


def _published(slug: str) -> Course:
    found = published_course(slug)
    if found is None:
        raise Http404("no such course")
    return found


def _course(course: Course) -> CourseOut:
    return CourseOut(
        **{name: _texts(course, name) for name in Course.texts},
        slug=course.slug,
        time_zone=course.time_zone,
        first_day=course.first_day,
        last_day=course.last_day,
    )


def _session(session: Session) -> SessionOut:
    return SessionOut(
        id=session.pk,
        kind=session.kind,
        title=_texts(session, "title"),
        starts=session.starts,
        ends=session.ends,
        room=session.room.slug if session.room else None,
        floor=session.floor,
        interpreted=session.interpreted,
        audience=session.audience,
        cancelled=session.cancelled,
    )


def _texts(record: Course | Session, field: str) -> Texts:
    return {tag: text for tag in TAGS.values() if (text := record.text(field, tag))}
