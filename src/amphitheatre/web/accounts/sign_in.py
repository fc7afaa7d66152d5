"""Who tries to sign in, as django-axes counts it and as pages name it; and where passkeys can work at all."""

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from amphitheatre.web.accounts.models import User


def typed_address(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The e-mail address that was typed, so that one person's wrong passwords lock nobody else out."""
    typed = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(typed).strip().lower()


def client_ip(request: HttpRequest) -> str | None:
    """Where the request comes from; behind a proxy what the proxy says, see ALLAUTH_TRUSTED_PROXY_COUNT.

    None for what came over no network, as a sign-in that a command makes.
    """
    return get_adapter(request).get_client_ip(request) if "REMOTE_ADDR" in request.META else None


def shown_name(user: User) -> str:
    """What a person's own pages call them."""
    return user.email


def passkeys_work(request: HttpRequest) -> bool:
    """Whether a browser offers passkeys at this address: a host name, by HTTPS or on the machine itself.

    W3C Web Authentication, section 5.1.3: the relying party's id is a domain, never an IP address.
    """
    name = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return request.is_secure() or name == "localhost"
    return False
