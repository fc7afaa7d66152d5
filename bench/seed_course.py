"""Makes a course in a private instance's database, with a coordinator who registers people for it and a secretary.

    python -m bench.seed_course DAYS SESSIONS PASSWORD

Prints how many database queries its page takes. Settings come from the AMPHITHEATRE_* environment.
"""

import os
import sys
from datetime import date, time, timedelta

SLUG = "course"
ADDRESS = "coordinator@example.org"
OFFICE = "secretary@example.org"


def main(days: int, sessions: int, password: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    import django  # type: ignore[import-untyped]  # carries no types

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from amphitheatre.web.accounts.models import User
    from amphitheatre.web.accounts.roles import AccountRole, Profession
    from amphitheatre.web.alliance.models import Affiliation, Institution
    from amphitheatre.web.programme.models import Course, Duty, Kind, Part, Room, Session

    first = date(2030, 11, 11)  # to come, as people look at it
    course = Course.objects.create(
        slug=SLUG, title_en="Course", time_zone="Asia/Shanghai", published=timezone.now(),
        first_day=first, last_day=first + timedelta(days=days - 1),
    )  # fmt: skip
    room = Room.objects.create(slug="course-theatre", title_en="Theatre", theatre=True)
    speaker = User.objects.create_user("speaker@example.org", name="王佳宁", named=True)
    for number in range(sessions):
        session = Session.objects.create(
            course=course, room=room, kind=Kind.LIVE_OPERATION, title_en=f"Operation {number}",
            day=first + timedelta(days=number % days), begins=time(8 + number // days), minutes=45,
            floor="zh-Hans", interpreted=["en", "fr"],
        )  # fmt: skip
        Duty.objects.create(session=session, person=speaker, part=Part.SPEAKER)
    home = Institution.objects.create(
        slug="home", name_en="Home", city_en="Bamako", country="ML", continent="Africa",
        time_zone="Africa/Bamako",
    )  # fmt: skip
    coordinator = User.objects.create_user(
        ADDRESS, password, role=AccountRole.COORDINATOR, profession=Profession.DOCTOR
    )
    User.objects.create_user(OFFICE, password, role=AccountRole.SECRETARIAT)
    Affiliation.objects.create(person=coordinator, institution=home, coordinator=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(f"/courses/{SLUG}/").status_code == 200
    print(len(asked))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
