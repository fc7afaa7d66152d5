"""The recordings of a room: listed, exported, deleted; the end of a session; how long recordings are kept."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amphitheatre.contract.room_state import State, TakeState
from amphitheatre.web.studio import island_texts
from amphitheatre.web.studio.domain import media_control as media
from amphitheatre.web.studio.domain import recordings as kept
from amphitheatre.web.studio.domain.admission import Admission
from amphitheatre.web.studio.forms import RetentionForm, retention_form
from amphitheatre.web.studio.models import Room
from amphitheatre.web.studio.queries import state_of
from amphitheatre.web.studio.recording_card import recording_card
from amphitheatre.web.studio.rules import Action, may
from amphitheatre.web.studio.views.door import guarded
from amphitheatre.web.studio.views.rooms import room_context
from amphitheatre.web.texts.shown import shown_of
from amphitheatre.web.ui.language import current_tag

Context = dict[str, object]


@guarded(Action.SEE_RECORDINGS)
def recordings(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """All that is kept of the room; 503, with everything else of the page, while media can't say."""
    return _page(request, room, admitted, retention_form(room.retention_days))


@guarded(Action.SEE_RECORDINGS)
def recording_list(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """The list alone, which the page's script asks for again and again."""
    listed = _listed(request, room, admitted)
    return render(request, "studio/recording_list.html", listed, status=503 if listed["away"] else 200)


@guarded(Action.EXPORT_RECORDING)
def export(request: HttpRequest, room: Room, admitted: Admission, take: str) -> HttpResponse:
    """Begin one MP4 of the recording. Only a POST does; anything else leads to the page."""
    if request.method == "POST":
        try:
            kept.begin_export(room.pk, take)
        except media.MediaError as e:
            messages.error(request, _explained(e))
    return _back(room)


@guarded(Action.DELETE_RECORDING)
def delete(request: HttpRequest, room: Room, admitted: Admission, take: str) -> HttpResponse:
    """GET asks once and says what will be lost; POST deletes, for good."""
    try:
        one = kept.recording(room.pk, take)
    except media.NotThere as e:
        raise Http404(str(e)) from e
    except media.MediaError as e:
        messages.error(request, _explained(e))
        return _back(room)
    card = recording_card(request, room, one)
    if one.ended is None:
        messages.error(request, _explained(media.StillOnAir()))
        return _back(room)
    if request.method != "POST":
        return render(request, "studio/confirm.html", _deletion(room, one, card))
    try:
        kept.delete(room.pk, take)
    except media.MediaError as e:
        messages.error(request, _explained(e))
    else:
        freed = filesizeformat(one.size + one.export_size)
        messages.success(
            request,
            _(
                "The recording of %(when)s is deleted; nothing of it is left on this server. %(size)s are free."
            )
            % {"when": card["when"], "size": freed},
        )
    return _back(room)


@guarded(Action.END_SESSION)
def end(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """GET asks once; POST ends the broadcast for everybody and finishes its recording."""
    if request.method != "POST":
        meaning = [
            _("For everybody who is watching, the broadcast ends now. Encoders are disconnected."),
            _("Its recording is finished and can be replayed and exported. A session can't be continued."),
            _("Stop the encoders first: one that connects again by itself begins a new session."),
        ]
        context = _question(room, _("End this session?"), meaning, _("End the session"), _("Stay on air"))
        return render(request, "studio/confirm.html", context)
    try:
        kept.end_session(room.pk)
    except media.MediaError as e:
        messages.error(request, _explained(e))
    else:
        messages.success(request, _("The session has ended. Its recording is in the list."))
    return _back(room)


@guarded(Action.SET_RETENTION)
def retention(request: HttpRequest, room: Room, admitted: Admission) -> HttpResponse:
    """How long recordings are kept; asks once when that would delete some of them soon."""
    if request.method != "POST":
        return _back(room)
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, room, admitted, form, status=400)
    days = form.retention
    try:
        lost = _lost_by(room, days)
    except media.MediaError as e:
        messages.error(request, _explained(e))
        return _page(request, room, admitted, form)
    if lost and "confirmed" not in request.POST:
        return render(request, "studio/confirm.html", _shortening(request, room, form, lost))
    room.retention_days = days
    room.save(update_fields=["retention_days"])
    messages.success(request, _("Saved. It holds for all recordings of this room, old and new."))
    return _back(room)


def _lost_by(room: Room, days: int | None) -> list[TakeState]:
    """What a change would delete within minutes. Raises MediaError: without media nobody can say."""
    if days is None or (room.retention_days is not None and days >= room.retention_days):
        return []
    return kept.overdue(kept.recordings(room.pk), days, timezone.now())


def _page(
    request: HttpRequest, room: Room, admitted: Admission, form: RetentionForm, status: int = 200
) -> HttpResponse:
    context = room_context(room, admitted, "room-recordings") | _listed(request, room, admitted)
    context |= {
        "form": form,
        "recorded": room.recorded,
        "retention_days": room.retention_days,
        "may_set_retention": may(admitted.grant.role, Action.SET_RETENTION),
        "config": {
            "list": reverse("room-recording-list", args=[room.pk]),
            "locale": current_tag(),
            "texts": island_texts.for_page("recordings"),
        },
    }
    return render(
        request,
        "studio/recordings.html",
        context,
        status=503 if context["away"] and status == 200 else status,
    )


def _listed(request: HttpRequest, room: Room, admitted: Admission) -> Context:
    """What the list shows. away: media can't say what there is. stuck: the room counts as live, and media has nothing
    of it on air.
    """
    role = admitted.grant.role
    try:
        cards = [recording_card(request, room, one) for one in kept.recordings(room.pk)]
        away = False
    except media.MediaError:
        cards, away = [], True
    return {
        "recordings": cards,
        "away": away,
        "stuck": not away and state_of(room) is State.LIVE and not any(card["on_air"] for card in cards),
        "room_id": room.pk,
        "may_export": may(role, Action.EXPORT_RECORDING),
        "may_delete": may(role, Action.DELETE_RECORDING),
        "may_end": may(role, Action.END_SESSION),
        "may_see_sources": may(role, Action.SEE_SOURCES),
    }


def _deletion(room: Room, one: TakeState, card: Context) -> Context:
    facts = {
        "when": card["when"],
        "length": card["length"],
        "size": filesizeformat(one.size + one.export_size),
        "views": " · ".join(card["views"]),
        "languages": " · ".join(one.languages.values()),
    }
    meaning = [
        f"{facts['when']} · {facts['length']}",
        _("Lost will be %(size)s: %(views)s, with the sound of %(languages)s.") % facts,
        _(
            "Its replay ends for everybody at once, and its MP4 is deleted with it. Copies that were downloaded remain."
        ),
        _("The files are removed from this server. This can't be undone."),
    ]
    return _question(
        room, _("Delete this recording?"), meaning, _("Delete for good"), _("Keep the recording")
    )


def _shortening(request: HttpRequest, room: Room, form: RetentionForm, lost: list[TakeState]) -> Context:
    count = len(lost)
    question = ngettext("Delete %(count)d recording now?", "Delete %(count)d recordings now?", count) % {
        "count": count
    }
    ages = _("Older than %(days)d days already:") % {"days": form.retention}
    listed = [
        f"{card['when']} · {card['length']}" for card in (recording_card(request, room, one) for one in lost)
    ]
    meaning = [ages, *listed, _("They are deleted within ten minutes, for good.")]
    context = _question(room, question, meaning, _("Set and delete"), _("Change nothing"))
    fields = {"keep": "days", "days": form.retention, "confirmed": "1"}
    return context | {"action": reverse("room-retention", args=[room.pk]), "fields": fields}


def _question(room: Room, question: str, meaning: list[str], yes: str, no: str) -> Context:
    back = reverse("room-recordings", args=[room.pk])
    return {
        "title": shown_of(room.title),
        "question": question,
        "meaning": meaning,
        "yes": yes,
        "no": no,
        "back": back,
    }


def _back(room: Room) -> HttpResponse:
    return HttpResponseRedirect(reverse("room-recordings", args=[room.pk]))


def _explained(error: media.MediaError) -> str:
    match error:
        case media.NotThere():
            return _("This recording is no longer there.")
        case media.StillOnAir():
            return _("This session is still on air. End it first.")
        case media.MediaFailed():
            return _("The media server could not do this. Its log says why.")
        case _:
            return _(
                "The media server does not answer. Try again in a moment; the list then shows what was done."
            )
