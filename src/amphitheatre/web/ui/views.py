"""The choice of a language, and the pages shown when something went wrong."""

import io
import uuid

import structlog
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from amphitheatre.web.asgi_types import Message
from amphitheatre.web.ui.language import CODES, TAGS

log = structlog.get_logger(__name__)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language with the account, if there is one, and in a cookie; go back to the page."""
    tag = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if tag in CODES:
        if request.user.is_authenticated:
            request.user.choose_language(tag)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            CODES[tag],
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.AMPHITHEATRE.secure,
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The host itself may be what is wrong, so nothing here may ask for it."""
    return HttpResponse(_plain(request, "400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old, or that comes from another site; the page says which."""
    log.warning("csrf refused", reason=reason.partition(" - ")[0], path=request.path)
    cause = "cookie" if reason == REASON_NO_CSRF_COOKIE else "age" if "token" in reason else "origin"
    return render(request, "403_csrf.html", {"cause": cause}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500. Shows an id that stands in the logs too; touches neither session nor database."""
    incident = uuid.uuid4().hex[:12]
    log.error("request failed", incident=incident, path=request.path)
    return HttpResponse(_plain(request, "500.html", incident=incident), status=500)


def too_large(scope: Message) -> bytes:
    """413, for what was refused before any request was read."""
    return _plain(ASGIRequest(scope, io.BytesIO()), "413.html").encode()


def _plain(request: HttpRequest, template: str, **context: str) -> str:
    """A page without account, messages or host: it must work when those are what failed."""
    code = translation.get_language_from_request(request)
    with translation.override(code):
        return render_to_string(template, {"language_tag": TAGS[code], "plain": True, **context})
