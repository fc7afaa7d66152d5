"""Tokens: a program acts for a person, in what it was allowed, until a day."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.utils import timezone

from amphitheatre.web.accounts.models import Token, User
from amphitheatre.web.mail.domain.letters import letter, post

LONGEST: Final = 366  # days
_MARK: Final = "amph_"  # by which scanners for lost secrets know one
_SEEN: Final = timedelta(minutes=1)


def new_token(person: User, name: str, scopes: list[str], days: int) -> str:
    """What the program presents; it is kept nowhere. The person is written to: perhaps it was not they."""
    secret = _MARK + secrets.token_urlsafe(32)
    until = timezone.now() + timedelta(days=min(days, LONGEST))
    made = Token.objects.create(person=person, name=name, scopes=scopes, digest=_digest(secret), until=until)
    context = {"person": person, "program": name, "site": settings.AMPHITHEATRE.address}
    key = f"token:{made.pk}:{made.digest[:16]}"
    post(letter(key, person.email, person.letters_in, "account/letters/new_token.txt", context))
    return secret


def bearer(secret: str) -> Token | None:
    """The token of somebody who may still sign in; None for any other."""
    now = timezone.now()
    found = Token.objects.select_related("person").filter(digest=_digest(secret), until__gt=now).first()
    if found is None or not found.person.is_active:
        return None
    if found.used is None or now - found.used > _SEEN:
        Token.objects.filter(pk=found.pk).update(used=now)
    return found


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
