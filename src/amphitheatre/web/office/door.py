"""Where Wagtail sends whoever may not come into the office."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


def door(request: HttpRequest) -> HttpResponse:
    """To sign in; and who has done so, and has no business here, reads that."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect("/accounts/login/?" + urlencode({"next": request.GET.get("next", "/office/")}))
