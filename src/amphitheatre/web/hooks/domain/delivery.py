"""Sending messages to webhooks: signed as Standard Webhooks 1.0 has it, and tried for a day."""

import asyncio
import hmac
import ipaddress
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

import httpx
from django.db.models import F, QuerySet
from django.utils import timezone

from amphitheatre.web.hooks.models import Hook, Message, MessageState

PAUSES: Final = [timedelta(minutes=minutes) for minutes in (0.1, 5, 30, 120, 300, 600)]
"""Between one try and the next (Standard Webhooks, "Retry schedule"); after the last one it has failed."""
KEPT: Final = timedelta(days=30)
LEASE: Final = timedelta(minutes=2)
"""After that a message whose worker was lost is taken up again."""
_PATIENCE: Final = 15.0  # seconds, from the name's resolution to the answer's header
_GONE: Final = 410
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598; some clouds keep their own services there


class UnreachableError(Exception):
    """The address leads nowhere, or where it may not."""


def any_due() -> bool:
    return _waiting().exists()


def due(until: datetime) -> Iterator[Message]:
    """Those to be sent now; each is out of other workers' reach for a while before it is given. None after `until`."""
    while timezone.now() < until:
        message = _waiting().select_related("hook").order_by("due").first()
        if message is None:
            return
        leased = timezone.now() + LEASE
        if _waiting().filter(pk=message.pk).update(tries=F("tries") + 1, due=leased):
            message.tries += 1
            yield message


def send(message: Message) -> timedelta | None:
    """Sends a message that `due` gave, and notes what became of it. Returns after what time it is tried again.

    The others to an address that does not answer wait for as long: no receiver holds up the rest of the house.
    """
    trouble = _trouble(message)
    again = None
    state = MessageState.TAKEN
    if trouble:
        again = PAUSES[message.tries - 1] if message.hook.active and message.tries <= len(PAUSES) else None
        state = MessageState.WAITING if again else MessageState.FAILED
    later = timezone.now() + (again or timedelta())
    Message.objects.filter(pk=message.pk).update(state=state, trouble=trouble[:200], due=later)
    if again:
        _waiting().filter(hook=message.hook).update(due=later)
    return again


def _waiting() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.WAITING, due__lte=timezone.now())


def send_again(message: Message) -> None:
    """Because somebody has decided so."""
    message.state, message.tries, message.due = MessageState.WAITING, 0, timezone.now()
    message.save(update_fields=["state", "tries", "due"])


def forget_old() -> None:
    """What was taken, or failed, long ago."""
    old = Message.objects.filter(happened__lt=timezone.now() - KEPT)
    old.exclude(state=MessageState.WAITING).delete()


def signature(secret: str, message: str, at: int, body: str) -> str:
    """Of a message's id, its time (seconds since 1970) and its body."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{at}.{body}".encode()
    return "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()


def require_outside(address: str) -> None:
    """Raises UnreachableError for loopback and link-local addresses, and others that are nobody's server.

    Those of the hospital's network are allowed: its other systems are there. A fence against mistakes, not against
    directors, who alone enter addresses: a name may lead elsewhere a moment later.
    """
    try:
        parts = urlsplit(address)
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as e:
        raise UnreachableError("no such host") from e
    for *_rest, place in found:
        at = ipaddress.ip_address(str(place[0]).partition("%")[0])
        at = getattr(at, "ipv4_mapped", None) or at
        here = at.is_loopback or at.is_link_local or at.is_unspecified
        if here or at.is_multicast or at.is_reserved or at in _SHARED:
            raise UnreachableError("not an address outside")


def _trouble(message: Message) -> str:
    """What went wrong; empty when it was taken."""
    hook, body = message.hook, message.body
    if not hook.active:
        return "not active"
    at = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Amphitheatre",
        "webhook-id": str(message.pk),
        "webhook-timestamp": str(at),
        "webhook-signature": signature(hook.secret, str(message.pk), at, body),
    }
    try:
        require_outside(hook.address)
        status = asyncio.run(_status(hook.address, body, headers))
    except UnreachableError as e:
        return str(e)
    except TimeoutError:
        return "no answer in time"
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        return type(e).__name__
    if status == _GONE:  # its owner wants no more (Standard Webhooks)
        Hook.objects.filter(pk=hook.pk).update(active=False)
        hook.active = False
    return "" if 200 <= status < 300 else str(status)


async def _status(address: str, body: str, headers: dict[str, str]) -> int:
    """Of the answer, whose body nobody reads. Raises TimeoutError, however slowly it drips."""
    async with (
        asyncio.timeout(_PATIENCE),  # the only clock: another of the same length would at times be the first
        httpx.AsyncClient(timeout=None, trust_env=False, follow_redirects=False) as client,  # noqa: S113
        client.stream("POST", address, content=body.encode(), headers=headers) as answer,
    ):
        return answer.status_code
