"""What a viewer's browser would ask media first, asked on their behalf while their page is made.

The text goes into the page as it is: its script can then ask for the playlists behind it at once. Web reads nothing
of it, and a page without it works as well, one round trip later.
"""

from functools import cache
from http import HTTPStatus
from typing import Final

import httpx
import structlog
from django.conf import settings

from amphitheatre.web.studio.domain.admission import Admission
from amphitheatre.web.studio.models import Room

log = structlog.get_logger(__name__)
TIMEOUT: Final = (
    0.1  # seconds, for the connection and for the answer: the page must not wait for a media in trouble
)


def live_multivariant(room: Room, admitted: Admission) -> str | None:
    """The multivariant playlist of the room's first view, by the viewer's own right; None when there is none."""
    view = next(iter(room.views.all()), None)
    if view is None:
        return None
    path = f"/rooms/{room.pk}/{view.name}/multivariant.m3u8"
    try:
        answer = _client().get(path, headers={"Authorization": f"Bearer {admitted.token}"})
    except httpx.HTTPError as e:
        log.warning("media does not answer", path=path, reason=type(e).__name__)
        return None
    return answer.text if answer.status_code == HTTPStatus.OK else None


@cache
def _client() -> httpx.Client:
    """One for the process: a new connection for each page would cost more than the answer."""
    return httpx.Client(base_url=settings.AMPHITHEATRE.media_control_url, trust_env=False, timeout=TIMEOUT)
