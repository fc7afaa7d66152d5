"""The e-mail address by which somebody signs in, and how they change it.

StaleError  the link is too old, was changed, or its address has been taken meanwhile
"""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.mail.models import Letter

LASTS: Final = timedelta(days=3)
_SALT: Final = "amphitheatre.address"
_MOST: Final = 5  # letters a day: nobody sends mail to strangers through us


class StaleError(Exception):
    """It can't be confirmed any more."""


def ask(person: User, wanted: str) -> None:
    """Writes to the address that it may become the person's; nothing where it is somebody's. In lower case."""
    today = f"address:{person.pk}:{timezone.now().date()}:"
    if (
        User.objects.filter(email=wanted).exists()
        or Letter.objects.filter(key__startswith=today).count() >= _MOST
    ):
        return
    token = signing.dumps([person.pk, person.email, wanted], salt=_SALT)
    link = settings.AMPHITHEATRE.address + reverse("account_confirm_address", args=[token])
    context = {"person": person, "link": link, "site": settings.AMPHITHEATRE.address}
    key = today + sha256(wanted.encode()).hexdigest()[:16]
    post(letter(key, wanted, person.letters_in, "account/letters/new_address.txt", context))


def asked(token: str) -> tuple[User, str]:
    """Whose link it is, and which address it is for. Raises StaleError."""
    try:
        key, before, wanted = signing.loads(token, salt=_SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError) as e:
        raise StaleError from e
    person = User.objects.filter(pk=key, email=before, is_active=True).first()
    if person is None or User.objects.filter(email=wanted).exists():
        raise StaleError
    return person, wanted


def confirm(token: str, here: str) -> None:
    """The address is the person's from now on; the old one is told. here: the session that stays. Raises StaleError."""
    person, wanted = asked(token)
    before = person.email
    try:
        with transaction.atomic():
            person.email = wanted
            person.save(update_fields=["email"])
            changed(person, here)
            proved(person)
            context = {"person": person, "address": wanted, "site": settings.AMPHITHEATRE.address}
            key = f"address-changed:{sha256(token.encode()).hexdigest()}"
            post(letter(key, before, person.letters_in, "account/letters/old_address.txt", context))
    except IntegrityError as e:
        raise StaleError from e


@transaction.atomic
def changed(person: User, here: str = "") -> None:
    """Whoever had the old one comes in no more: by no link, no session, no password reset, no hospital.

    here: the key of the session that stays.
    """
    person.invitations.filter(used=None).update(used=timezone.now())
    EmailAddress.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person).exclude(session_key=here):
        session.end()


def proved(person: User) -> None:
    """The person has followed a link that was sent there."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
