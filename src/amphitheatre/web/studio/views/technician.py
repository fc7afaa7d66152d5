"""The technician's page: sources with their push addresses, the change of a key, and what is fetched."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.programme.queries import missing_in, next_in
from amphitheatre.web.registration import rules as registration
from amphitheatre.web.studio.domain.admission import Admission
from amphitheatre.web.studio.domain.media_addresses import srt_addresses
from amphitheatre.web.studio.domain.pulls import films, pull, pulled
from amphitheatre.web.studio.domain.push_addresses import push_addresses
from amphitheatre.web.studio.domain.stream_keys import UnknownSource, rotate, source_of
from amphitheatre.web.studio.forms import PullForm
from amphitheatre.web.studio.models import Language, Room, View
from amphitheatre.web.studio.page_config import page_config
from amphitheatre.web.studio.rules import Action
from amphitheatre.web.studio.views.door import guarded
from amphitheatre.web.studio.views.rooms import room_context
from amphitheatre.web.texts.shown import in_current, shown_of
from amphitheatre.web.ui.times import own_zone, zoned


@guarded(Action.SEE_SOURCES)
def technician(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    config = page_config(request, room, admitted, "technician")
    media = str(config["media"])
    srt = srt_addresses(room.pk, media)
    pictures = [_card(room, view, media, srt) for view in room.views.all()]
    sounds = [_card(room, one, media, srt) for one in room.languages.all()]
    config["push"] = [
        {
            "source": card["source"],
            "label": card["label"],
            **{name: push[name] for name in ("protocol", "url", "key")},
        }
        for card in [*pictures, *sounds]
        for push in card["push"]
    ]
    context = room_context(room, admitted, "room-technician")
    context |= {"config": config, "pictures": pictures, "sounds": sounds, "coming": _coming(request, room)}
    context["manages"] = request.user.has_perm("studio.change_room")  # who came by a link has no office
    return render(request, "studio/technician.html", context)


def _coming(request: HttpRequest, room: Room) -> dict[str, Any] | None:
    """The session that is on in the room, or the next one, and what it lacks; for whoever may know."""
    now = timezone.now()
    if not registration.may(getattr(request.user, "role", ""), registration.Action.SEE_MISSING):
        return None
    session = next_in(room.pk, now)
    if session is None:
        return None
    lacks = {one.pk: texts for one, texts in missing_in(session.course)}[session.pk]
    with timezone.override(session.course.zone):
        at = zoned(session.starts, own_zone(request))
    return {"session": session, "on": session.starts <= now, "at": at, "lacks": lacks}


@guarded(Action.ROTATE_KEY)
def change_key(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """GET asks once and says what will be lost; POST changes the key."""
    try:
        source = source_of(room, request.GET.get("source", ""))
    except UnknownSource as e:
        raise Http404(str(e)) from e
    back = reverse("room-technician", args=[room.pk])
    if request.method == "POST":
        rotate(source)
        messages.success(
            request, _("%(source)s has a new key. Enter it in the encoder.") % {"source": label_of(source)}
        )
        return HttpResponseRedirect(back)
    context = {"title": shown_of(room.title), "source": label_of(source), "back": back}
    return render(request, "studio/change_key.html", context)


@guarded(Action.SET_PULL)
def change_pull(request: HttpRequest, room: Room, admitted: Admission, view: str) -> HttpResponse:
    """From where media fetches a view itself."""
    chosen = get_object_or_404(room.views, name=view)
    back = reverse("room-technician", args=[room.pk])
    known = films()
    form = PullForm(request.POST or {"url": pulled(chosen), "loop": chosen.pull_loop}, films=known)
    if request.method == "POST" and form.is_valid():
        url = form.cleaned_data["url"]
        pull(chosen, url, loop=form.cleaned_data["loop"])
        said = _("%(view)s is fetched from now on.") if url else _("%(view)s waits for an encoder.")
        messages.success(request, said % {"view": label_of(chosen)})
        return HttpResponseRedirect(back)
    context = {
        "title": shown_of(room.title),
        "view": label_of(chosen),
        "form": form,
        "films": known,
        "back": back,
    }
    return render(
        request, "studio/change_pull.html", context, status=422 if request.method == "POST" else 200
    )


def label_of(source: View | Language) -> str:
    return in_current(source.label) if isinstance(source, View) else source.label


def _card(room: Room, source: View | Language, media: str, srt: dict[str, str]) -> dict[str, object]:
    rotate_url = reverse("room-change-key", args=[room.pk])
    return {
        "source": source.source,
        "slug": source.source.replace("/", "-"),
        "kind": "view" if isinstance(source, View) else "language",
        "id": source.source.partition("/")[2],
        "label": label_of(source),
        "push": push_addresses(room.pk, source, media, srt.get(source.source)),
        "rotate_url": f"{rotate_url}?source={source.source}",
        "pulled": isinstance(source, View) and bool(source.pull_url),
    }
