"""What a page hands its TypeScript island as JSON. Keys are in camel case only where one word doesn't do."""

from django.http import HttpRequest
from django.urls import reverse

from amphitheatre.web.studio import island_texts
from amphitheatre.web.studio.domain.admission import RENEW_AFTER, Admission
from amphitheatre.web.studio.models import Room
from amphitheatre.web.texts.shown import in_current
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.policy import media_base


def page_config(
    request: HttpRequest, room: Room, admitted: Admission, page: str, **extra: object
) -> dict[str, object]:
    """Common part of all islands. page: watch, replay, technician or present; renewAfter in seconds."""
    return {
        "room": room.pk,
        "title": in_current(room.title),
        "media": media_base(request),
        "views": [{"id": view.name, "label": in_current(view.label)} for view in room.views.all()],
        "languages": [
            {"tag": one.tag, "label": one.label, "interpreted": one.interpreted}
            for one in room.languages.all()
        ],
        "floor": room.floor,
        "language": first_language(room, admitted),
        "profile": room.profile,
        "role": admitted.grant.role.value,
        "locale": current_tag(),
        "renew": reverse("room-grant", args=[room.pk]),
        "renewAfter": RENEW_AFTER,
        "texts": island_texts.for_page(page),
        **extra,
    }


def first_language(room: Room, admitted: Admission) -> str:
    """Which language is heard first: the grant's, else the page's when the room has it, else the floor."""
    tags = {one.tag for one in room.languages.all()}
    return next((tag for tag in (admitted.grant.language, current_tag()) if tag in tags), room.floor)
