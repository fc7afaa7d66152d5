"""The list of rooms, and the pages on which a room is watched, replayed and spoken to."""

import re
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amphitheatre.contract.room_state import State
from amphitheatre.web.registration.queries import rooms_of
from amphitheatre.web.studio.domain.admission import Admission
from amphitheatre.web.studio.domain.media_playlists import live_multivariant
from amphitheatre.web.studio.models import Room
from amphitheatre.web.studio.page_config import first_language, page_config
from amphitheatre.web.studio.queries import rooms_with_sources, state_of
from amphitheatre.web.studio.rules import Action, may, needs_a_place, role_in_room
from amphitheatre.web.studio.views.door import guarded
from amphitheatre.web.texts.shown import in_current, shown_of

Context = dict[str, object]
TAKE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


def room_list(request: HttpRequest) -> HttpResponse:
    """All rooms with what is going on in them; open to everybody. Whoever is signed in sees those that let them in."""
    account = getattr(request.user, "role", "")
    role = role_in_room(account)
    own = rooms_of(request.user) if needs_a_place(account) else None
    rooms = [
        {
            "id": room.pk,
            "title": shown_of(room.title),
            "state": state_of(room).value,
            "since": room.last_at,
            "views": [in_current(view.label) for view in room.views.all()],
            "languages": [{"label": one.label, "tag": one.tag} for one in room.languages.all()],
        }
        for room in rooms_with_sources()
        if own is None or room.pk in own
    ]
    rooms.sort(key=lambda room: room["state"] != State.LIVE.value)
    context = {
        "rooms": rooms,
        "guest": own is not None,
        "may_add": request.user.has_perm("programme.add_room"),
        "technician": role is not None and may(role, Action.SEE_SOURCES),
        "recordings": role is not None and may(role, Action.SEE_RECORDINGS),
    }
    return render(request, "studio/room_list.html", context)


@guarded(Action.WATCH)
def watch(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    context = room_context(room, admitted, "room-watch") | {"live": True}
    known = live_multivariant(room, admitted) if state_of(room) is State.LIVE else None
    context["config"] = page_config(request, room, admitted, "watch", multivariant=known)
    return render(request, "studio/watch.html", context)


@guarded(Action.REPLAY)
def replay(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """The newest recording, or the one that ``?take=`` names."""
    context = room_context(room, admitted, "room-replay") | {"live": False}
    take = request.GET.get("take")
    if take is not None and not TAKE.fullmatch(take):
        raise Http404("no such recording")
    context["config"] = page_config(request, room, admitted, "replay", take=take)
    return render(request, "studio/replay.html", context)


@guarded(Action.PRESENT)
def present(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """Camera, screen or microphone of a browser, sent by WHIP (RFC 9725)."""
    config = page_config(request, room, admitted, "present")
    config["whip"] = whip_targets(room, str(config["media"]))
    return render(
        request, "studio/present.html", room_context(room, admitted, "room-present") | {"config": config}
    )


def whip_targets(room: Room, media: str) -> list[dict[str, str]]:
    """Where a browser may send to: each view with its sound, each language with sound alone."""
    prefix = f"{media}/rooms/{room.pk}"
    views = [(view.source, in_current(view.label)) for view in room.views.all()]
    voices = [
        (one.source, _("Voice: %(language)s") % {"language": one.label}) for one in room.languages.all()
    ]
    return [
        {"source": source, "kind": source.partition("/")[0], "label": label, "url": f"{prefix}/{source}/whip"}
        for source, label in [*views, *voices]
    ]


def room_context(room: Room, admitted: Admission, page: str) -> Context:
    """What the templates of all room pages show, before any script runs."""
    chosen = first_language(room, admitted)
    return {
        "room": {"id": room.pk, "state": state_of(room).value},
        "title": shown_of(room.title),
        "floor": room.floor,
        "views": [{"id": view.name, "label": in_current(view.label)} for view in room.views.all()],
        "languages": [
            {"tag": one.tag, "label": one.label, "interpreted": one.interpreted, "chosen": one.tag == chosen}
            for one in room.languages.all()
        ],
        "links": _links(room, admitted, page),
    }


def _links(room: Room, admitted: Admission, current: str) -> list[Context]:
    pages = [
        ("room-watch", _("Watch"), Action.WATCH),
        ("room-replay", _("Replay"), Action.REPLAY),
        ("room-present", _("Present"), Action.PRESENT),
        ("room-technician", _("Technician"), Action.SEE_SOURCES),
        ("room-recordings", _("Recordings"), Action.SEE_RECORDINGS),
    ]
    return [
        {"url": reverse(name, args=[room.pk]), "label": label, "current": name == current}
        for name, label, action in pages
        if may(admitted.grant.role, action)
    ]
