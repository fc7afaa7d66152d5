"""Notes now and then that a session is still in use, for its owner's list of sessions."""

import time
from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

EVERY: Final = 600  # seconds: not a write for every page
_KEY: Final = "seen"


class SeenMiddleware:
    """After authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and time.time() - request.session.get(_KEY, 0) > EVERY:
            request.session[_KEY] = int(time.time())
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
