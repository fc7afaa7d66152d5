"""Letters to those who do something in sessions: their parts as they stand now, whenever something about them is new.

The first one comes once the course is published, and lets in who has never come in.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.domain.invitations import invite
from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.programme.models import Course, Duty, Part, Session
from amphitheatre.web.registration.models import PartsTold
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.languages import name_of
from amphitheatre.web.ui.times import lasting, zoned
from amphitheatre.web.ui.zones import zone

Told = dict[str, Any]
Pair = tuple[Told | None, Told | None]
"""A part as it stands, and as it was told last."""


@dataclass(frozen=True)
class Line:
    """One part, in the reader's language. before: when it was, where that is another time, or it is gone."""

    title: str
    part: str
    now: str
    before: str
    room: str
    new: bool
    gone: bool
    cancelled: bool


def tell(course: Course, now: datetime) -> None:
    """To everybody whose parts are not what they were last told, as far as these are still to come."""
    found = Duty.objects.filter(session__course=course).select_related("person", "session__room")
    parts: dict[User, list[Told]] = defaultdict(list)
    for duty in found.order_by("session__day", "session__begins", "first", "pk"):
        duty.session.course = course
        parts[duty.person].append(_told(duty))
    known = {one.person: one for one in course.parts_told.select_related("person")}
    sessions = {one.pk: one for one in course.sessions.select_related("room")}
    for person in {**parts, **known}:
        one = known.get(person) or PartsTold(course=course, person=person)
        one.course = course
        if one.told != parts[person]:
            _tell(one, parts[person], sessions, now)


@transaction.atomic
def _tell(known: PartsTold, parts: list[Told], sessions: dict[int, Session], now: datetime) -> None:
    """Of what is over nothing is said."""
    first, before = not known.told, {one["duty"]: one for one in known.told}
    stand = {one["duty"]: one for one in parts}
    pairs = [(stand.get(key), before.get(key)) for key in {**stand, **before}]
    coming = [pair for pair in pairs if any(told and _ends(told) > now for told in pair)]
    known.told = parts
    known.save()
    if known.person.is_active and any(stands != was for stands, was in coming):
        _write(known, coming, sessions, first)


def _write(known: PartsTold, coming: list[Pair], sessions: dict[int, Session], first: bool) -> None:
    person, course = known.person, known.course
    own = zone(person.time_zone)
    with timezone.override(course.zone), translation.override(person.letters_in):
        parts = [_line(stands, was, sessions, own, first) for stands, was in coming]
    context = {
        "person": person,
        "course": course,
        "parts": parts,
        "first": first,
        "invitation": "" if person.has_usable_password() else invite(person),
        "site": settings.AMPHITHEATRE.address,
        "own_page": settings.AMPHITHEATRE.address + reverse("own-page"),
    }
    digest = hashlib.sha256(json.dumps([course.planned.isoformat(), known.told]).encode()).hexdigest()[:32]
    key = f"parts:{course.pk}:{person.pk}:{digest}"
    post(letter(key, person.email, person.letters_in, "registration/letters/parts.txt", context))


def _told(duty: Duty) -> Told:
    """What somebody plans with, ready for JSON."""
    session = duty.session
    return {
        "duty": duty.pk,
        "session": session.pk,
        "part": duty.part,
        "language": duty.language,
        "starts": duty.starts.isoformat(),
        "ends": duty.ends.isoformat(),
        "room": session.room_id,
        "cancelled": session.cancelled,
    }


def _ends(told: Told) -> datetime:
    return datetime.fromisoformat(told["ends"])


def _line(
    stands: Told | None, was: Told | None, sessions: dict[int, Session], own: tzinfo | None, first: bool
) -> Line:
    """stands: None where the part is somebody else's now, or nobody's."""
    told = stands or was or {}
    session = sessions.get(told["session"])
    part = str(Part(told["part"]).label)
    moved = was is not None and (stands is None or _when(stands, own) != _when(was, own))
    return Line(
        title=shown(session, "title").text if session else _("A session that was taken away"),
        part=f"{part}, {name_of(told['language'])}" if told["language"] else part,
        now=_when(told, own),
        before=_when(was, own) if was and moved else "",
        room=shown(session.room, "title").text if session and session.room else "",
        new=was is None and not first,
        gone=stands is None,
        cancelled=told["cancelled"],
    )


def _when(told: Told, own: tzinfo | None) -> str:
    """For instance "Sat 14 Nov, 08:00 Bamako · 16:00 Shanghai, 30 min"."""
    starts = datetime.fromisoformat(told["starts"])
    return f"{zoned(starts, own)}, {lasting(_ends(told) - starts)}"
