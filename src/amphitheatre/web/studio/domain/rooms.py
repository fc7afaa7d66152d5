"""Rooms on air come into being with the programme's rooms, and speak the languages of its sessions.

Nothing takes a picture, a language or a key away by itself. What media makes playlists of stays as it is while a room
is live: what the programme adds meanwhile is added when it has ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Max, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.contract.event import EventKind
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.programme.models import Session
from amphitheatre.web.studio.domain import on_air
from amphitheatre.web.studio.domain.media_control import MediaError
from amphitheatre.web.studio.domain.recordings import recordings
from amphitheatre.web.studio.models import IDENTIFIER, Language, MediaEvent, Room, View
from amphitheatre.web.ui.language import NAMES
from amphitheatre.web.ui.languages import name_of

log = structlog.get_logger(__name__)
Texts = Mapping[str, str]
CAMERA: Final = {"main": {"en": "Camera", "zh-Hans": "摄像机", "fr": "Caméra"}}
MOST_VIEWS: Final = 4  # contract.room_plan.RoomPlan
_NEAR: Final = timedelta(days=3)  # a session lasts a day at most, and days are those of any zone


@transaction.atomic
def make(name: str, title: Texts, languages: Sequence[str], views: Mapping[str, Texts] = CAMERA) -> Room:
    """The room of that name, left as it is; a new one has these views and languages. languages: the floor's first."""
    last = Room.objects.aggregate(last=Max("position"))["last"]
    facts = {"title": title, "floor": languages[0], "position": 0 if last is None else last + 1}
    room, new = Room.objects.get_or_create(pk=name, defaults=facts)
    if new:
        show(room, views)
        _offer(room, languages)
    return room


def show(room: Room, views: Mapping[str, Texts]) -> None:
    """Add those that the room does not have yet. views: what each is shown as, by its name."""
    for place, (name, label) in enumerate(views.items()):
        room.views.get_or_create(name=name, defaults={"label": label, "position": place})


def rename(planned: PlannedRoom) -> None:
    """Give the room on air its title in the programme; also while it is live, for no playlist has it."""
    room = Room.objects.filter(pk=planned.slug).first()
    if room is not None and room.title != (title := _title(planned)):
        room.title = title
        room.save(update_fields=["title"])


@transaction.atomic
def follow(planned: PlannedRoom) -> None:
    """Have the room on air, with the floor of the session that is on or next and the languages of all to come.

    Before any is planned the floor's language is a guess: the one that the room's title was written in.
    """
    try:
        IDENTIFIER(planned.slug)
    except ValidationError:
        log.warning("a room of the programme has a name that media can't take", room=planned.slug)
        return
    room = make(planned.slug, _title(planned), [planned.original])
    sessions = _to_come(planned)
    if not sessions or on_air.live_since(room.pk):
        return
    tags = {tag for session in sessions for tag in (session.floor, *session.interpreted)}
    _speak(room, sessions[0].floor, tags)
    _offer(room, [room.floor, *sorted(tags)])


def complete() -> None:
    """Make those of rooms that were planned before rooms on air were made by themselves."""
    for planned in PlannedRoom.objects.exclude(slug__in=Room.objects.values("pk")):
        follow(planned)


def catch_up(name: str) -> None:
    """It is live no more: what the programme has added meanwhile is added now."""
    planned = PlannedRoom.objects.filter(slug=name).first()
    if planned is not None:
        follow(planned)


def close(name: str) -> None:
    """The programme's room is gone. Once it has been live its recordings count, and the room on air stays with them."""
    if not MediaEvent.objects.filter(room=name, kind=EventKind.ROOM_LIVE.value).exists():
        Room.objects.filter(pk=name).delete()


def check_not_live(room: Room) -> None:
    """Raises ValidationError, in words for people, as do all checks."""
    if on_air.live_since(room.pk):
        raise ValidationError(
            _("The room is live: what is shown of it stays as it is until the broadcast has ended.")
        )


def check_one_more(room: Room) -> None:
    """Whether the room may have another view."""
    if room.views.count() >= MOST_VIEWS:
        raise ValidationError(_("A room has at most %(most)d pictures.") % {"most": MOST_VIEWS})


@transaction.atomic
def check_view_may_go(view: View) -> None:
    """Within a transaction nobody else takes the other one meanwhile."""
    room = Room.objects.select_for_update().get(pk=view.room_id)
    check_not_live(room)
    if room.views.count() == 1:
        raise ValidationError(_("It is the room’s only picture. Add another one first."))


def check_language_may_go(language: Language) -> None:
    room = language.room
    check_not_live(room)
    if language.tag == room.floor:
        raise ValidationError(_("It is the language of the floor."))
    planned = PlannedRoom.objects.filter(slug=room.pk).first()
    for session in _to_come(planned) if planned else ():
        if language.tag in (session.floor, *session.interpreted):
            words = _("“%(session)s” is announced in this language. Change the session first.")
            raise ValidationError(words % {"session": session})


def check_room_may_go(room: Room) -> None:
    check_not_live(room)
    if PlannedRoom.objects.filter(slug=room.pk).exists():
        raise ValidationError(
            _("It belongs to a room of the programme. Delete that one, if nothing needs it.")
        )
    try:
        kept = recordings(room.pk)
    except MediaError as e:
        unknown = _(
            "Whether it has recordings is not known: the media server does not answer. Try again later."
        )
        raise ValidationError(unknown) from e
    if kept:
        raise ValidationError(_("It has recordings. Delete them first, on its page of recordings."))


def _title(planned: PlannedRoom) -> dict[str, str]:
    return {tag: text for tag in NAMES if (text := planned.text("title", tag))}


def _to_come(planned: PlannedRoom) -> list[Session]:
    """Those that are on or to come, in order."""
    now = timezone.now()
    near = planned.sessions.filter(cancelled=False, day__gte=(now - _NEAR).date()).select_related("course")
    return sorted((one for one in near if one.ends > now), key=lambda session: session.starts)


def _speak(room: Room, floor: str, promised: set[str]) -> None:
    """Change the language of the floor. A room's only language that no session promises was the guess."""
    if floor == room.floor:
        return
    room.floor = floor
    room.save(update_fields=["floor"])
    if room.languages.count() == 1:
        room.languages.exclude(tag__in=promised).update(tag=floor, label=name_of(floor))
    room.languages.update(interpreted=Case(When(tag=floor, then=Value(False)), default=Value(True)))


def _offer(room: Room, tags: Iterable[str]) -> None:
    """Add those that the room does not have yet, after the others."""
    known = set(room.languages.values_list("tag", flat=True))
    wanted = [tag for tag in dict.fromkeys(tags) if tag not in known]
    for place, tag in enumerate(wanted, len(known)):
        room.languages.create(tag=tag, label=name_of(tag), interpreted=tag != room.floor, position=place)
