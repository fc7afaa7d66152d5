"""Letters about the programme: what has changed since people were last told, once whoever plans has come to rest."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.programme.models import Course, Room, Session
from amphitheatre.web.programme.queries import sessions_of
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration
from amphitheatre.web.ui.times import zoned
from amphitheatre.web.ui.zones import zone

log = structlog.get_logger(__name__)

QUIET: Final = timedelta(minutes=10)
"""So long nothing has been changed before anything is told: who moves three sessions writes one letter."""


@dataclass(frozen=True)
class Change:
    """before, now: as the reader's and the course's clocks show it. room: the new one, where it is another."""

    session: Session
    before: str
    now: str
    room: Room | None


def tell(now: datetime) -> None:
    """Of every published course that is not over."""
    published = Course.objects.filter(published__lte=now, last_day__gte=(now - timedelta(days=1)).date())
    for course in published:
        _tell(course, now)


def nothing_to_tell(course: Course) -> None:
    """People know the programme as it is now: it has just been published."""
    for session in sessions_of(course):
        Session.objects.filter(pk=session.pk).update(told=session.as_told())


def _tell(course: Course, now: datetime) -> None:
    sessions = sessions_of(course)
    changed = [one for one in sessions if one.told != one.as_told() and _matters(one, now)]
    if not changed or max(one.changed for one in changed) > now - QUIET:
        return
    people = course.registrations.filter(state__in=HAVE_A_PLACE, person__is_active=True)
    written = [_letter(one, changed) for one in people.select_related("person", "institution", "course")]
    with transaction.atomic():
        for session in changed:
            as_read = Session.objects.filter(pk=session.pk, sequence=session.sequence)
            if not as_read.update(
                told=session.as_told()
            ):  # changed meanwhile: told together with that, later
                transaction.set_rollback(True)
                return
        post(*[one for one in written if one is not None])
        announce(Event.PROGRAMME, {"course": course.slug, "sessions": [one.pk for one in changed]})


def _matters(session: Session, now: datetime) -> bool:
    """Not yet over, or people still believe so; and not first told when it is cancelled."""
    if session.told is None:
        return session.ends > now and not session.cancelled
    return max(session.ends, datetime.fromisoformat(session.told["ends"])) > now


def _letter(registration: Registration, changed: list[Session]) -> Letter | None:
    """None: none of these sessions is for this person."""
    person, course = registration.person, registration.course
    theirs = [one for one in changed if one.audience in ("", registration.institution.continent)]
    if not theirs:
        return None
    told = ",".join(f"{one.pk}.{one.sequence}" for one in theirs)
    key = f"programme:{registration.pk}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    own = zone(person.time_zone) or zone(registration.institution.time_zone)
    with timezone.override(course.zone), translation.override(person.letters_in):
        changes = [_change(session, own) for session in theirs]
    context: dict[str, Any] = {
        "person": person,
        "course": course,
        "changes": changes,
        "site": settings.AMPHITHEATRE.address,
        "page": settings.AMPHITHEATRE.address + reverse("course", args=[course.slug]),
    }
    return letter(key, person.email, person.letters_in, "registration/letters/programme.txt", context)


def _change(session: Session, own: tzinfo | None) -> Change:
    told = session.told or {}
    before = zoned(datetime.fromisoformat(told["starts"]), own) if told else ""
    elsewhere = bool(told) and told["room"] != session.room_id
    return Change(session, before, zoned(session.starts, own), session.room if elsewhere else None)
