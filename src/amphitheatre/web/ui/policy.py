"""Content-Security-Policy: pages may talk to media, which lives on another port or host."""

from typing import Final
from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase

# The lecturer's page films and records; no page asks where somebody is, or for their devices and money.
PERMISSIONS: Final = (
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=(), serial=()"
)


def media_base(request: HttpRequest) -> str:
    """Media's address for this page, without a trailing slash: the host that was asked for, media's port."""
    if settings.AMPHITHEATRE.media_url:
        return settings.AMPHITHEATRE.media_url
    name = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    name = f"[{name}]" if ":" in name else name
    return f"{request.scheme}://{name}:{settings.AMPHITHEATRE.media_port}"


class PagePolicy(CSPMiddleware):
    """The policy of settings, with media's origin for this request. No inline script but one that
    carries the answer's nonce, no inline style.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        parts = super().get_policy_parts(request, response, report_only)
        try:
            media = media_base(request)
        except DisallowedHost:
            return parts  # the answer is the 400 page, which talks to nobody
        parts.update = {**(parts.update or {}), "connect-src": [media], "media-src": [media]}
        return parts
