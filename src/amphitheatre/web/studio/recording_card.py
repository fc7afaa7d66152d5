"""What the recordings page shows of one recording."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amphitheatre.contract.room_state import TakeState
from amphitheatre.web.studio.domain.recordings import kept_until
from amphitheatre.web.studio.models import Room
from amphitheatre.web.texts.shown import in_current
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.policy import media_base

SOON: Final = timedelta(days=3)  # what is deleted within this time is pointed out
# Why an export failed, by media's codes.
FAILURES: Final[dict[str, Promise]] = {
    "disk": _("The server's disk is full or refused to write. Make room, then try again."),
    "empty": _("This recording holds no picture and sound that could be joined."),
    "process-ended": _("It was interrupted. Try again."),
    "store": _("The place where recordings are stored does not answer. Try again later."),
}

Card = dict[str, object]


def recording_card(request: HttpRequest, room: Room, take: TakeState) -> Card:
    """version: changes with whatever may be shown differently."""
    began = datetime.fromisoformat(take.began)
    ended = datetime.fromisoformat(take.ended) if take.ended else None
    until = kept_until(take, room.retention_days)
    address = [room.pk, take.id]
    return {
        "id": take.id,
        "began": began,
        "places": times.places(began, times.own_zone(request)),
        "when": times.zoned(began, times.own_zone(request)),
        "length": times.lasting((ended or timezone.now()) - began),
        "on_air": ended is None,
        "size": take.size,
        "views": [in_current(label) or name for name, label in take.views.items()],
        "languages": [{"tag": tag, "label": label} for tag, label in take.languages.items()],
        "until": times.day(until) if until else "",
        "soon": until is not None and until - timezone.now() < SOON,
        "export": take.export,
        "percent": int(100 * take.export_progress),
        "export_size": take.export_size,
        "failure": FAILURES.get(take.export_reason, FAILURES["process-ended"]),
        "replay_url": f"{reverse('room-replay', args=[room.pk])}?take={take.id}",
        "export_url": reverse("recording-export", args=address),
        "delete_url": reverse("recording-delete", args=address),
        "download_url": f"{media_base(request)}/rooms/{room.pk}/takes/{take.id}/export.mp4",
        "version": _version(take, until),
    }


def _version(take: TakeState, until: datetime | None) -> str:
    shown = msgspec.json.encode([take, until, current_tag()])
    return hashlib.blake2s(shown, digest_size=8).hexdigest()
