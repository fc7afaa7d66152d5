"""The door of every room page: takes guest links, asks the rules, hands out the room's cookie."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from amphitheatre.contract.grant import COOKIE
from amphitheatre.web.grants import Keys
from amphitheatre.web.studio.domain import admission
from amphitheatre.web.studio.domain.admission import Admission, RefusedGrant
from amphitheatre.web.studio.models import Room
from amphitheatre.web.studio.queries import rooms_with_sources
from amphitheatre.web.studio.rules import Action, may

log = structlog.get_logger(__name__)
P = ParamSpec("P")
RoomPage = Callable[Concatenate[HttpRequest, Room, Admission, P], HttpResponse]


def keys() -> Keys:
    return Keys.at(settings.AMPHITHEATRE.data)


def guarded(action: Action) -> Callable[[RoomPage[P]], Callable[..., HttpResponse]]:
    """A room page that only those see whose grant or account allows the action.

    Whether the room exists is told only to those who are let in.
    """

    def decorate(page: RoomPage[P]) -> Callable[..., HttpResponse]:
        @wraps(page)
        @never_cache
        def view(request: HttpRequest, room: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if "grant" in request.GET:
                return _take_guest_link(request, room)
            admitted = admission_of(request, room)
            if admitted is None or not may(admitted.grant.role, action):
                return _turn_away(request)
            found = get_object_or_404(rooms_with_sources(), pk=room)
            response = page(request, found, admitted, *args, **kwargs)
            set_cookie(request, response, admitted)
            return response

        return view

    return decorate


def admission_of(request: HttpRequest, room: str) -> Admission | None:
    """The widest right of this request: the account's, or the grant in the cookie."""
    account = None
    if request.user.is_authenticated:
        account = admission.of_account(request.user, room, keys())
    return admission.widest([account, _from_cookie(request, room)])


def set_cookie(request: HttpRequest, response: HttpResponse, admitted: Admission) -> None:
    """For the room's pages and for media on the same host, as long as the grant lives."""
    response.set_cookie(
        COOKIE,
        admitted.token,
        max_age=admitted.remaining(time.time()),
        path=f"/rooms/{admitted.grant.room}",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _from_cookie(request: HttpRequest, room: str) -> Admission | None:
    token = request.COOKIES.get(COOKIE)
    if not token:
        return None
    try:
        admitted = admission.read(token, room, keys(), time.time())
    except RefusedGrant:
        return None
    # An account's grant counts only while that account is signed in.
    return admitted if admitted.grant.sub == "guest" else None


def _take_guest_link(request: HttpRequest, room: str) -> HttpResponse:
    """Move the grant from the address to the cookie, so that it stays in no history and no referrer."""
    try:
        admitted = admission.read(request.GET["grant"], room, keys(), time.time())
    except RefusedGrant as refusal:
        log.info("guest link refused", room=room, reason=str(refusal))
        raise PermissionDenied(
            _("This link is no longer valid. Ask whoever sent it to you for a new one.")
        ) from refusal
    query = request.GET.copy()
    del query["grant"]
    response = HttpResponseRedirect(request.path + (f"?{query.urlencode()}" if query else ""))
    response.headers["Referrer-Policy"] = "no-referrer"
    set_cookie(request, response, admission.own(admitted, keys()))
    return response


def _turn_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())
