"""Where media tells web what happened. Told at least once; kept once."""

import secrets

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amphitheatre.contract.event import Event
from amphitheatre.web.studio.domain.media_events import InvalidEvent, keep
from amphitheatre.web.studio.views.door import keys

log = structlog.get_logger(__name__)


@csrf_exempt  # media has no session; it shows its token
@require_POST
def media_events(request: HttpRequest) -> HttpResponse:
    """204 when the event is kept, also when it was kept before; 401 without the token; 400 for nonsense."""
    shown = request.headers.get("Authorization", "")
    expected = f"Bearer {keys().event_token.read_text().strip()}"
    if not secrets.compare_digest(shown.encode(), expected.encode()):
        log.warning("event refused: wrong token")
        return _problem(401, "The event token is missing or wrong")
    try:
        keep(msgspec.json.decode(request.body, type=Event))
    except (msgspec.DecodeError, InvalidEvent) as e:
        log.warning("event refused: not understood", fault=str(e))
        return _problem(400, str(e))
    return HttpResponse(status=204)


def _problem(status: int, detail: str) -> HttpResponse:
    """A problem document (RFC 9457)."""
    title = {400: "Bad Request", 401: "Unauthorized"}[status]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
