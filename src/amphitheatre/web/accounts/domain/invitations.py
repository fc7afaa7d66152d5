"""Links that let a person in for the first time, to choose a password. Each works once, and for some weeks."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from amphitheatre.web.accounts.domain.addresses import proved
from amphitheatre.web.accounts.models import Invitation, User

LASTS: Final = timedelta(days=30)


class SpentError(Exception):
    """The link was used, is too old, or never was one."""


def invite(person: User) -> str:
    """A new link for somebody who has no password yet; links that were sent before keep working until one is used."""
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(person=person, digest=_digest(token), until=timezone.now() + LASTS)
    return settings.AMPHITHEATRE.address + reverse("invitation", args=[token])


def invited(token: str) -> User:
    """Whom the link is for. Raises SpentError."""
    usable = Invitation.objects.filter(used=None, until__gt=timezone.now(), person__is_active=True)
    invitation = usable.select_related("person").filter(digest=_digest(token)).first()
    if invitation is None or invitation.person.has_usable_password():
        raise SpentError
    return invitation.person


@transaction.atomic
def accept(token: str, password: str) -> User:
    """Gives the person this password; the address is theirs, for the link came by it. Raises SpentError."""
    person = User.objects.select_for_update().get(pk=invited(token).pk)
    invited(token)  # again, now that nobody else can use it
    person.invitations.filter(used=None).update(used=timezone.now())
    person.set_password(password)
    person.save(update_fields=["password"])
    proved(person)
    return person


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
