"""Pages of accounts that allauth does not have."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None, *_: Any, **__: Any
) -> HttpResponse:
    """429: too many wrong passwords (django-axes). Says nothing about whether the account exists."""
    return render(request, "account/locked_out.html", status=429)
