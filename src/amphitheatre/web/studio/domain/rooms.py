"""Rooms on air come into being with the programme's rooms, and speak the languages of its sessions.

Sessions change, and end by themselves: whoever delivers plans has the rooms `keep_up` each time. Nothing takes a
picture, a language or a key away by itself. What media makes playlists of stays as it is while a room is live: what the
programme adds meanwhile is added when it has ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Max, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.contract.room_plan import MOST_VIEWS
from amphitheatre.contract.room_state import State
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.programme.models import Session
from amphitheatre.web.programme.queries import coming
from amphitheatre.web.studio.domain import on_air
from amphitheatre.web.studio.domain.media_control import MediaError
from amphitheatre.web.studio.domain.recordings import recordings
from amphitheatre.web.studio.models import IDENTIFIER, Language, Room, View
from amphitheatre.web.studio.queries import rooms_with_states, state_of
from amphitheatre.web.ui.language import NAMES
from amphitheatre.web.ui.languages import name_of

log = structlog.get_logger(__name__)
Texts = Mapping[str, str]
CAMERA: Final = {"main": {"en": "Camera", "zh-Hans": "摄像机", "fr": "Caméra"}}
_LATE: Final = timedelta(hours=6)  # operations begin late
_AGAIN: Final = timedelta(minutes=30)  # a broadcast that broke off is taken up again soon, or not at all


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
    for place, (name, label) in enumerate(views.items(), 1):
        room.views.get_or_create(name=name, defaults={"label": label, "position": place})


def rename(planned: PlannedRoom) -> None:
    """Give the room on air its title in the programme; also while it is live, for no playlist has it."""
    room = Room.objects.filter(pk=planned.slug).first()
    if room is not None and room.title != (title := _title(planned)):
        room.title = title
        room.save(update_fields=["title"])


def make_for(planned: PlannedRoom) -> None:
    """Have its room on air. Until a session is planned in it its language is a guess: the one of the room's title."""
    try:
        IDENTIFIER(planned.slug)
    except ValidationError:
        log.warning("a room of the programme has a name that media can't take", room=planned.slug)
        return
    make(planned.slug, _title(planned), [planned.original])


def complete() -> None:
    """Make those of rooms that were planned before rooms on air were made by themselves."""
    for planned in PlannedRoom.objects.exclude(slug__in=Room.objects.values("pk")):
        make_for(planned)


def close(name: str) -> None:
    """The programme's room is gone. Once it has been live its recordings count, and the room on air stays with them."""
    if not on_air.was_live(name):
        Room.objects.filter(pk=name).delete()


class _Asked(NamedTuple):
    """Of a room by the programme, in BCP 47. spoken: by all its sessions to come, and the floor's."""

    floor: str
    spoken: frozenset[str]

    @classmethod
    def of(cls, room: Room, sessions: Sequence[Session], now: datetime) -> Self:
        """room: with its state. sessions: at least one."""
        floor = _counting(sessions, now, room.last_at if state_of(room) is State.ENDED else None).floor
        to_come = [session for session in sessions if session.ends > now]
        tags = (tag for session in to_come for tag in (session.floor, *session.interpreted))
        return cls(floor, frozenset([floor, *tags]))


def keep_up(found: Iterable[Room]) -> bool:
    """Give rooms that are not live the floor and the languages that sessions ask for; whether any lacked some.

    found: from `rooms_with_sources`. Three queries where none lacks any.
    """
    now = timezone.now()
    planned = coming(now - _LATE)
    behind: dict[str, _Asked] = {}
    for room in found:
        if room.pk in planned and state_of(room) is not State.LIVE:
            asked = _Asked.of(room, planned[room.pk], now)
            if asked.floor != room.floor or asked.spoken - {one.tag for one in room.languages.all()}:
                behind[room.pk] = asked
    for name, asked in behind.items():
        _follow(name, asked)
    return bool(behind)


def put(source: View | Language, position: int | None) -> None:
    """Save it as the one that stands there in its room, from 1; None: as the last. The others make room."""
    model = type(source)
    with transaction.atomic():
        hold(source.room)
        order = list(model.objects.filter(room=source.room).exclude(pk=source.pk))
        order.insert(len(order) if position is None else position - 1, source)
        for place, one in enumerate(order, 1):
            one.position = place
        model.objects.bulk_update([one for one in order if one is not source], ["position"])
        source.save()


def place_of(source: View | Language) -> int:
    """Where it stands in its room, from 1."""
    keys = type(source).objects.filter(room=source.room).values_list("pk", flat=True)
    return list(keys).index(source.pk) + 1


def hold(room: Room) -> None:
    """Nobody else changes the room until the transaction has ended."""
    Room.objects.select_for_update().get(pk=room.pk)


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
    hold(view.room)
    check_not_live(view.room)
    if view.room.views.count() == 1:
        raise ValidationError(_("It is the room’s only picture. Add another one first."))


def check_language_may_go(language: Language) -> None:
    room = language.room
    check_not_live(room)
    if language.tag == room.floor:
        raise ValidationError(_("It is the language of the floor."))
    for session in coming(timezone.now(), room.pk).get(room.pk, ()):
        if language.tag in (session.floor, *session.interpreted):
            words = _("“%(session)s” is announced in this language. Change the session first.")
            raise ValidationError(words % {"session": session})


def check_room_is_over(room: Room) -> None:
    check_not_live(room)
    if PlannedRoom.objects.filter(slug=room.pk).exists():
        raise ValidationError(
            _("It belongs to a room of the programme. Delete that one, if nothing needs it.")
        )


def check_nothing_kept(room: Room) -> None:
    """Asks media, which may take seconds: not within a transaction."""
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


def _counting(sessions: Sequence[Session], now: datetime, ended: datetime | None) -> Session:
    """The one that would be on air were the room live now: the nearest in time, for they begin early and late.

    ended: when the room's last broadcast was. What had begun by then is over since, and after a while, in which a
    broadcast that broke off is taken up again, it counts no more.
    """

    def away(session: Session) -> tuple[bool, timedelta, float]:
        shown = ended is not None and session.starts <= ended
        over = min(session.ends, ended) if shown else session.ends
        past = shown and now >= max(session.ends, ended + _AGAIN)
        distance = max(session.starts - now, now - over, timedelta())
        return past, distance, -session.starts.timestamp()

    return min(sessions, key=away)


@transaction.atomic
def _follow(name: str, asked: _Asked) -> None:
    room = rooms_with_states().select_for_update().filter(pk=name).first()
    if room is None or state_of(room) is State.LIVE:  # meanwhile
        return
    _speak(room, asked)
    _offer(room, [asked.floor, *sorted(asked.spoken)])


def _speak(room: Room, asked: _Asked) -> None:
    """Change the language of the floor. The only one that no session asks for, of a room that was never live, was the
    guess: what it was called is all that changes of it.
    """
    floor = asked.floor
    if floor == room.floor:
        return
    room.floor = floor
    room.save(update_fields=["floor"])
    if room.languages.count() == 1 and not on_air.was_live(room.pk):
        room.languages.exclude(tag__in=asked.spoken).update(tag=floor, label=name_of(floor))
    room.languages.update(interpreted=Case(When(tag=floor, then=Value(False)), default=Value(True)))


def _offer(room: Room, tags: Iterable[str]) -> None:
    """Add those that the room does not have yet, after the others."""
    known = dict(room.languages.values_list("tag", "position"))
    wanted = [tag for tag in dict.fromkeys(tags) if tag not in known]
    for place, tag in enumerate(wanted, max(known.values(), default=0) + 1):
        room.languages.create(tag=tag, label=name_of(tag), interpreted=tag != room.floor, position=place)
