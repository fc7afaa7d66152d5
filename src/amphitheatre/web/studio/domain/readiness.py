"""What rooms on air add to the list of what a session still lacks (programme.domain.readiness)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.programme.domain.readiness import Missing
from amphitheatre.web.programme.models import Session
from amphitheatre.web.studio.models import Room
from amphitheatre.web.ui.languages import name_of

_SAME_DAY: Final = timedelta(hours=12)  # a broadcast that is on now will have ended before anything later


def shown_otherwise(sessions: list[Session]) -> Iterator[Missing]:
    """A room that is live gets what the programme asks of it when that broadcast has ended. Two queries if one is."""
    now = timezone.now()
    soon = [
        (session, session.room.slug)
        for session in sessions
        if session.room is not None and session.room.live_since is not None
        if session.ends > now and session.starts < now + _SAME_DAY
    ]
    names = {name for _session, name in soon}
    rooms = Room.objects.filter(pk__in=names).prefetch_related("languages").in_bulk() if names else {}
    for session, name in soon:
        if name in rooms:
            yield from (Missing(session, text) for text in _otherwise(session, rooms[name]))


def _otherwise(session: Session, room: Room) -> Iterator[str]:
    if session.floor != room.floor:
        words = _(
            "The room is live with %(language)s as the language of the floor: end that broadcast first."
        )
        yield words % {"language": name_of(room.floor)}
    spoken = {language.tag for language in room.languages.all()}
    for tag in session.interpreted:
        if tag not in spoken:
            words = _("The room is live without %(language)s: end that broadcast first.")
            yield words % {"language": name_of(tag)}
