"""Letters about the programme: what has changed since people were last told, once whoever plans has come to rest.

Whoever has a part in a session is told of it by `parts_news`, and not a second time here.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course, Duty, Room, Session
from amphitheatre.web.programme.queries import sessions_of
from amphitheatre.web.programme.timetable import audience_of
from amphitheatre.web.registration.domain import parts_news
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration, State
from amphitheatre.web.registration.queries import coordinators, is_meant_for, was_meant_for
from amphitheatre.web.ui.languages import spoken_in
from amphitheatre.web.ui.times import zoned
from amphitheatre.web.ui.zones import zone

log = structlog.get_logger(__name__)

QUIET: Final = timedelta(minutes=10)
"""So long nothing has been changed before anything is told: who moves three sessions writes one letter."""


@dataclass(frozen=True)
class Change:
    """before, now: as the reader's and the course's clocks show it. room, languages, audience: empty as before."""

    session: Session
    before: str
    now: str
    room: Room | None
    languages: str
    audience: str

    @property
    def after_all(self) -> bool:
        """It had been cancelled."""
        return bool(self.session.told and self.session.told["cancelled"] and not self.session.cancelled)


def tell(now: datetime) -> None:
    """Of every published course that is not over."""
    published = Course.objects.filter(published__lte=now, last_day__gte=(now - timedelta(days=1)).date())
    for course in published.filter(planned__lte=now - QUIET):
        _tell(course, now)
        parts_news.tell(course, now)


def nothing_to_tell(course: Course) -> None:
    """People know the programme as it is now: it has just been published."""
    for session in sessions_of(course):
        Session.objects.filter(pk=session.pk).update(told=session.as_told())


def _tell(course: Course, now: datetime) -> None:
    sessions = sessions_of(course)
    changed = [one for one in sessions if one.is_news and _matters(one, now)]
    if not changed:
        return
    # Who waits for the course has to know, too, when it is cancelled, and when it takes place after all.
    coming = [one.told for one in sessions if one.ends > now]
    was_cancelled = bool(coming) and all(told and told["cancelled"] for told in coming)
    concerned = Q() if course.cancelled or was_cancelled else Q(state__in=HAVE_A_PLACE)
    people = course.registrations.filter(concerned, person__is_active=True).exclude(state=State.CANCELLED)
    acting = coordinators(course.registrations.values("institution"))
    parts = set(Duty.objects.filter(session__in=changed).values_list("person", "session"))
    written = [
        _letter(registration, theirs, acting)
        for registration in people.select_related("person", "institution", "course")
        if (
            theirs := [
                one
                for one in changed
                if (is_meant_for(one, registration) or was_meant_for(one, registration))
                and (registration.person_id, one.pk) not in parts
            ]
        )
    ]
    with transaction.atomic():
        for session in changed:
            as_read = Session.objects.filter(pk=session.pk, changed=session.changed)
            if not as_read.update(told=session.as_told()):
                transaction.set_rollback(True)  # changed meanwhile: told together with that, later
                return
        post(*written)
        announce(Event.PROGRAMME, {"course": course.slug, "sessions": [one.pk for one in changed]})


def _matters(session: Session, now: datetime) -> bool:
    """Not yet over, or people still believe so; and not first told when it is cancelled."""
    if session.told is None:
        return session.ends > now and not session.cancelled
    return max(session.ends, datetime.fromisoformat(session.told["ends"])) > now


def _letter(registration: Registration, theirs: list[Session], acting: dict[int, str]) -> Letter:
    """theirs: of the changed sessions."""
    person, course = registration.person, registration.course
    told = ",".join(f"{one.pk}.{one.sequence}.{one.changed.isoformat()}" for one in theirs)
    key = f"programme:{registration.pk}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    own = zone(person.time_zone) or zone(registration.institution.time_zone)
    with timezone.override(course.zone), translation.override(person.letters_in):
        changes = [_change(session, own) for session in theirs]
    context: dict[str, Any] = {
        "person": person,
        "course": course,
        "changes": changes,
        "coordinators": acting.get(registration.institution_id, ""),
        "site": settings.AMPHITHEATRE.address,
        "page": settings.AMPHITHEATRE.address + reverse("course", args=[course.slug]),
    }
    return letter(key, person.email, person.letters_in, "registration/letters/programme.txt", context)


def _change(session: Session, own: tzinfo | None) -> Change:
    told = session.told or {}
    before = zoned(datetime.fromisoformat(told["starts"]), own) if told else ""
    elsewhere = bool(told) and told["room"] != session.room_id
    room = session.room if elsewhere else None
    others = {name for name, now in session.as_told().items() if told.get(name, now) != now}
    languages = spoken_in(session.floor, session.interpreted) if others & {"floor", "interpreted"} else ""
    audience = (audience_of(session) or _("For everybody")) if "audience" in others else ""
    return Change(session, before, zoned(session.starts, own), room, languages, audience)
