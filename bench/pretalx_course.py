"""A course of the same size in pretalx: run by pretalx's own Python, its settings in the environment.

python -P bench/pretalx_course.py DAYS SESSIONS
"""

import datetime as dt
import sys

import django

django.setup()

from django_scopes import scope, scopes_disabled  # noqa: E402  Django first
from pretalx.event.models import Event  # noqa: E402
from pretalx.event.utils import create_organiser_with_team  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.models import Submission  # noqa: E402


def main(days: int, sessions: int) -> None:
    """As ours in `seed_course.py`: the same days and times, a speaker each, one room."""
    first = dt.date(2030, 11, 11)
    user = User.objects.create_user(email="speaker@example.org", name="王佳宁", password=None)
    with scopes_disabled():
        organiser, _team = create_organiser_with_team(name="House", slug="house", users=[user])
        event = Event.objects.create(
            organiser=organiser, name="Course", slug="course", is_public=True, timezone="Asia/Shanghai",
            date_from=first, date_to=first + dt.timedelta(days=days - 1), email="house@example.org",
            locale="en", locale_array="en",
        )  # fmt: skip
    with scope(event=event):
        event.build_initial_data()
        SpeakerProfile.objects.create(user=user, event=event)
        room = Room.objects.create(event=event, name="Theatre", position=0)
        talk = event.submission_types.first()
        for number in range(sessions):
            made = Submission.objects.create(
                event=event, title=f"Operation {number}", submission_type=talk, duration=45
            )
            made.speakers.add(user)
            made.accept()
            made.confirm()
            day, place = number % days, number // days
            slot = made.slots.first()
            slot.room, slot.start = room, event.datetime_from + dt.timedelta(days=day, hours=8 + place)
            slot.end = slot.start + dt.timedelta(minutes=45)
            slot.save()
        event.wip_schedule.freeze("1")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
