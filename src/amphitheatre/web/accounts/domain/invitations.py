"""Links that let a person in for the first time, to choose a password. Each works once, and for some weeks."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import DateTimeField, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from amphitheatre.web.accounts.domain.addresses import proved
from amphitheatre.web.accounts.models import Invitation, User
from amphitheatre.web.mail.domain.letters import letter, post

LASTS: Final = timedelta(days=30)
PAUSE: Final = timedelta(days=1)
"""So long nobody is written to again."""


class SpentError(Exception):
    """The link was used, is too old, or never was one."""


def invite(person: User) -> str:
    """A new link for somebody who has no password yet; links that were sent before keep working until one is used."""
    return _made_for(person)[1]


def _made_for(person: User) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(person=person, digest=_digest(token), until=timezone.now() + LASTS)
    return made, settings.AMPHITHEATRE.address + reverse("invitation", args=[token])


def not_in_yet(person: User) -> bool:
    """May come in, and has never chosen a password nor come in otherwise."""
    return person.is_active and person.last_login is None and not person.has_usable_password()


def those_not_in_yet(people: QuerySet[Any]) -> QuerySet[Any]:
    """Those of them of whom `not_in_yet` is true."""
    return people.filter(is_active=True, last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)


def with_last_link(people: QuerySet[Any]) -> QuerySet[Any]:
    """Each with `invited`: when the newest link was made that the person has not used; None: there is none."""
    unused = Invitation.objects.filter(person=OuterRef("pk"), used=None).order_by().values("person")
    newest = unused.annotate(newest=Max("made")).values("newest")
    return people.annotate(invited=Subquery(newest, output_field=DateTimeField()))


def too_soon(invited: datetime | None) -> bool:
    """Whether a link made then is too new for another letter."""
    return invited is not None and invited > timezone.now() - PAUSE


@transaction.atomic
def write(person: User) -> bool:
    """Sends a link to somebody who is not in yet, once in `PAUSE` at most. Whether that is done now."""
    User.objects.select_for_update().get(pk=person.pk)  # of two who press at once, one sees the other's link
    known = with_last_link(User.objects.all()).get(pk=person.pk)
    if not not_in_yet(known) or too_soon(known.invited):
        return False
    made, link = _made_for(known)
    context = {"person": known, "link": link, "site": settings.AMPHITHEATRE.address}
    key = f"invited:{known.pk}:{made.pk}"
    post(letter(key, known.email, known.letters_in, "account/letters/invited.txt", context))
    return True


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
