"""A small course with people who want to take part."""

from datetime import date, time

import pytest
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course, Kind, Room, Session
from amphitheatre.web.registration.models import Mode, Registration, State


def make_course(slug: str = "course", sessions: int = 1) -> Course:
    """Published; in Shanghai; one live operation a morning."""
    course = Course.objects.create(
        slug=slug,
        title_en="Course",
        time_zone="Asia/Shanghai",
        first_day=date(2026, 11, 9),
        last_day=date(2099, 11, 30),  # it has begun, and is not over on any day that this is run
        published=timezone.now(),
    )
    room = Room.objects.create(slug=f"{slug}-theatre", title_en="Theatre", theatre=True)
    for number in range(sessions):
        Session.objects.create(
            course=course,
            room=room,
            kind=Kind.LIVE_OPERATION,
            title_en=f"Operation {number}",
            day=date(2026, 11, 9 + number % 20),
            begins=time(8 + number // 20, 30),
            minutes=60,
            floor="zh-Hans",
            interpreted=["en"],
        )
    return course


def make_institution(slug: str = "bamako", country: str = "ML", continent: str = "Africa") -> Institution:
    return Institution.objects.create(
        slug=slug,
        name_en=slug.title(),
        city_en="City",
        country=country,
        continent=continent,
        time_zone="Africa/Bamako",
    )


def make_doctor(number: int = 1, profession: str = Profession.DOCTOR) -> User:
    return User.objects.create_user(f"doctor{number}@example.org", profession=profession)


def register(
    course: Course,
    institution: Institution,
    number: int = 1,
    state: State = State.APPLIED,
    mode: Mode = Mode.ONLINE,
) -> Registration:
    person = make_doctor(number)
    return Registration.objects.create(
        course=course, person=person, institution=institution, state=state, mode=mode
    )


@pytest.fixture
def course(db: None) -> Course:
    return make_course()


@pytest.fixture
def institution(db: None) -> Institution:
    return make_institution()
