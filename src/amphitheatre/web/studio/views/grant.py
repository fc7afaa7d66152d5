"""Renewal of the right to watch, asked for by a page that stays open."""

import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amphitheatre.web.studio.views.door import admission_of, set_cookie


@csrf_exempt  # it only renews what the sender already holds, and answers with nothing to read
@require_POST
@never_cache
def renew(request: HttpRequest, room: str) -> HttpResponse:
    """An account gets a fresh grant; a guest's link keeps its own end. Answers with the seconds left."""
    admitted = admission_of(request, room)
    if admitted is None:
        problem = {"type": "about:blank", "title": "Forbidden", "status": 403}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    response = JsonResponse({"expiresIn": admitted.remaining(time.time())})
    set_cookie(request, response, admitted)
    return response
