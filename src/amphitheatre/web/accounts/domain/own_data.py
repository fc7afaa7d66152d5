"""What is kept of a person: given to them, and taken away, as they ask.

Each app tells what it holds:

    own_data.holders.append(Holder("registrations", export, forget))

An account that is deleted stays as a pseudonym, so that the figures of past courses stay true: its opaque id,
profession and country are all that is left of the person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.db.models import Q, QuerySet

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.mail.models import Letter

_FACTS: Final = (
    "email",
    "role",
    "preferred_language",
    "name",
    "latin_name",
    "profession",
    "speciality",
    "licence_number",
    "country",
    "languages",
    "time_zone",
    "named",
    "joined",
)
_NOWHERE: Final = "@deleted.invalid"  # no letter ever arrives there (RFC 2606, section 2)


@dataclass(frozen=True)
class Holder:
    """export: what is held, ready for JSON. forget: takes away what tells of the person; in a transaction."""

    name: str
    export: Callable[[User], Any]
    forget: Callable[[User], None]


holders: Final[list[Holder]] = []


def export(person: User) -> dict[str, Any]:
    """Everything that is kept, by where it is kept."""
    own = {
        "account": {name: getattr(person, name) for name in _FACTS},
        "passkeys and second factor": list(
            Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")
        ),
        "hospital's sign-in": list(
            SocialAccount.objects.filter(user=person).values("provider", "uid", "extra_data")
        ),
        "sessions": list(
            UserSession.objects.filter(user=person).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "invitations": list(person.invitations.values("made", "until", "used")),
        "tokens": list(person.tokens.values("name", "scopes", "made", "until", "used")),
        "letters": list(_letters(person).values("to", "subject", "language", "state", "written")),
    }
    return own | {holder.name: holder.export(person) for holder in holders}


@transaction.atomic
def forget(person: User) -> None:
    """Deletes the account, for good."""
    for holder in holders:
        holder.forget(person)
    for session in UserSession.objects.filter(user=person):
        session.end()
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=person).delete()
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(username=person.email).delete()
    _letters(person).delete()
    person.invitations.all().delete()
    person.tokens.all().delete()
    person.email = f"{person.opaque_id}{_NOWHERE}"
    person.name = person.latin_name = person.speciality = person.licence_number = ""
    person.preferred_language = person.time_zone = ""
    person.role = AccountRole.PARTICIPANT
    person.languages = []
    person.named = person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()


def is_forgotten(person: User) -> bool:
    return person.email.endswith(_NOWHERE)


def _letters(person: User) -> QuerySet[Letter]:
    """To the person, and about addresses that were or were to be theirs."""
    keys = Q(key__startswith=f"address:{person.pk}:") | Q(key__startswith=f"invited:{person.pk}:")
    return Letter.objects.filter(Q(to=person.email) | keys)
