"""Signing out also takes back the rooms' grants that this browser holds."""

from typing import Any

from allauth.account.views import LogoutView
from django.http import HttpRequest, HttpResponse

from amphitheatre.contract.grant import COOKIE
from amphitheatre.web.studio.models import Room


class SignOut(LogoutView):
    """allauth's page; afterwards each room's cookie is gone, so a shared computer shows nothing more."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        for room in Room.objects.values_list("pk", flat=True):
            response.delete_cookie(COOKIE, path=f"/rooms/{room}", samesite="Lax")
        return response
