"""Letters to those who do something in sessions: their parts as they stand now, whenever something about them is new.

The first one comes once the course is published, and lets in who has never come in.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.domain.invitations import invite, not_in_yet
from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.programme.models import Course, Duty, Part, Room, Session
from amphitheatre.web.programme.queries import sessions_of
from amphitheatre.web.registration.models import PartsTold
from amphitheatre.web.registration.rules import home_of
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.languages import name_of, spoken_in
from amphitheatre.web.ui.times import lasting, zoned
from amphitheatre.web.ui.zones import zone

Told = dict[str, Any]
Pair = tuple[Told | None, Told | None]
"""A part as it stands, and as it was told last."""


@dataclass(frozen=True)
class Line:
    """One part, in the reader's language. now: what, when, where, in which languages. before: if it was otherwise."""

    title: str
    now: str
    before: str
    new: bool
    gone: bool
    cancelled: bool


def tell(course: Course, now: datetime) -> None:
    """To everybody whose parts are not what they were last told, as far as these are still to come."""
    sessions = {one.pk: one for one in sessions_of(course)}
    parts: dict[User, list[Told]] = defaultdict(list)
    found = Duty.objects.filter(session__in=sessions, person__is_active=True).select_related("person")
    for duty in found.order_by("session__day", "session__begins", "first", "pk"):
        duty.session = sessions[duty.session_id]
        if duty.minutes:
            parts[duty.person].append(_told(duty))
    known = {
        one.person: one for one in course.parts_told.filter(person__is_active=True).select_related("person")
    }
    rooms = Room.objects.in_bulk()
    for person in {**parts, **known}:
        one = known.get(person) or PartsTold(person=person)
        one.course = course
        if one.told != parts[person]:
            _tell(one, parts[person], _Names(sessions, rooms), now)


class _Names(NamedTuple):
    """What parts refer to, by key."""

    sessions: dict[int, Session]
    rooms: dict[int, Room]


@transaction.atomic
def _tell(known: PartsTold, parts: list[Told], names: _Names, now: datetime) -> None:
    """Of what is over nothing is said."""
    first, before = not known.told, {one["duty"]: one for one in known.told}
    stand = {one["duty"]: one for one in parts}
    pairs = [(stand.get(key), before.get(key)) for key in {**stand, **before}]
    coming = [pair for pair in pairs if any(told and _ends(told) > now for told in pair)]
    known.told = parts
    known.save()
    if any(stands != was for stands, was in coming):
        _write(known, coming, names, first)


def _write(known: PartsTold, coming: list[Pair], names: _Names, first: bool) -> None:
    person, course = known.person, known.course
    own = zone(person.time_zone)
    if own is None and (home := home_of(person)) is not None:
        own = zone(home.time_zone)
    with timezone.override(course.zone), translation.override(person.letters_in):
        parts = [_line(stands, was, names, own, first) for stands, was in coming]
    stays = any(not one.gone for one in parts)
    context = {
        "person": person,
        "course": course,
        "parts": parts,
        "first": first,
        "stays": stays,
        "invitation": invite(person) if stays and not_in_yet(person) else "",
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
        "floor": session.floor,
        "interpreted": session.interpreted,
        "cancelled": session.cancelled,
    }


def _ends(told: Told) -> datetime:
    return datetime.fromisoformat(told["ends"])


def _line(stands: Told | None, was: Told | None, names: _Names, own: tzinfo | None, first: bool) -> Line:
    """stands: None where the part is somebody else's now, or nobody's."""
    told = stands or was or {}
    session = names.sessions.get(told["session"])
    return Line(
        title=shown(session, "title").text if session else _("A session that was taken away"),
        now=_said(told, names, own),
        before=_said(was, names, own) if was and stands and was != stands else "",
        new=was is None and not first,
        gone=stands is None,
        cancelled=told["cancelled"],
    )


def _part(told: Told) -> str:
    part = str(Part(told["part"]).label)
    return f"{part}, {name_of(told['language'])}" if told["language"] else part


def _said(told: Told, names: _Names, own: tzinfo | None) -> str:
    """For instance "Chair; Sat 14 Nov, 08:00 Bamako · 16:00 Shanghai, 30 min; Theatre 1; 中文 → Français"."""
    starts = datetime.fromisoformat(told["starts"])
    room = names.rooms.get(told["room"])
    said = [
        _part(told),
        f"{zoned(starts, own)}, {lasting(_ends(told) - starts)}",
        shown(room, "title").text if room else "",
        spoken_in(told["floor"], told["interpreted"]),
    ]
    return "; ".join(filter(None, said))
