"""A course of the same size in pretalx: run by pretalx's own Python, its settings in the environment.

python bench/pretalx_course.py DAYS SESSIONS
"""

import datetime as dt
import sys

import django

django.setup()

from django_scopes import scope, scopes_disabled  # noqa: E402  Django first
from pretalx.event.domain.event import create_event  # noqa: E402
from pretalx.event.domain.organiser import create_organiser_with_team  # noqa: E402
from pretalx.person.domain.user import create_user  # noqa: E402
from pretalx.schedule.domain.release import freeze_schedule  # noqa: E402
from pretalx.schedule.domain.slot import move_slot  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.domain.submission import create_submission  # noqa: E402
from pretalx.submission.models import Submission  # noqa: E402


def main(days: int, sessions: int) -> None:
    """As ours in `seed_course.py`: the same days and times, a speaker each, one room."""
    first = dt.date(2026, 11, 9)
    user = create_user(email="speaker@example.org", name="王佳宁", locale="en", timezone="Asia/Shanghai")
    with scopes_disabled():
        organiser, _team = create_organiser_with_team(name="House", slug="house", users=[user])
        event = create_event(
            organiser=organiser, locales=["en"], name="Course", slug="course", is_public=True,
            date_from=first, date_to=first + dt.timedelta(days=days - 1), timezone="Asia/Shanghai",
            email="house@example.org", locale="en",
        )  # fmt: skip
    with scope(event=event):
        room = Room.objects.create(event=event, name="Theatre", position=0)
        talk = event.submission_types.first()
        for number in range(sessions):
            made = create_submission(
                submission=Submission(
                    event=event, title=f"Operation {number}", submission_type=talk, duration=45
                ),
                user=user,
                speakers=[user],
            )
            made.accept()
            made.confirm()
            day, place = number % days, number // days
            begins = event.datetime_from + dt.timedelta(days=day, hours=8 + place)
            move_slot(made.slots.first(), begins, room=room)
        freeze_schedule(event.wip_schedule, "1")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
