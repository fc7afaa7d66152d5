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


def ask(person: User, wanted: str) -> bool:
    """Writes to the address that it may become the person's; nothing where it is somebody's. In lower case.

    False: too often for one day.
    """
    today = f"address:{person.pk}:{timezone.now().date()}:"
    written = Letter.objects.filter(key__startswith=today).count()
    if written >= _MOST:
        return False
    if User.objects.filter(email=wanted).exists():
        return True
    token = signing.dumps([person.pk, person.email, wanted], salt=_SALT)
    link = settings.AMPHITHEATRE.address + reverse("account_confirm_address", args=[token])
    context = {"person": person, "link": link, "site": settings.AMPHITHEATRE.address}
    post(letter(f"{today}{written}", wanted, person.letters_in, "account/letters/new_address.txt", context))
    return True


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


def confirm(person: User, token: str, here: str) -> None:
    """The address is the person's from now on; the old one is told. Raises StaleError, for somebody else's link too.

    here: the session that stays.
    """
    owner, wanted = asked(token)
    if owner.pk != person.pk:
        raise StaleError
    before = owner.email
    try:
        with transaction.atomic():
            if not User.objects.filter(pk=owner.pk, email=before, is_active=True).update(email=wanted):
                raise StaleError  # another link was quicker
            owner.email = wanted
            changed(owner, here)
            proved(owner)
            Letter.objects.filter(to=before).update(to=wanted)  # they stay the person's own
            context = {"person": owner, "address": wanted, "site": settings.AMPHITHEATRE.address}
            key = f"address:{owner.pk}:changed:{sha256(token.encode()).hexdigest()[:32]}"
            post(letter(key, before, owner.letters_in, "account/letters/old_address.txt", context))
    except IntegrityError as e:
        raise StaleError from e


@transaction.atomic
def changed(person: User, here: str = "") -> None:
    """Whoever had the old one comes in no more: by no link, no session, no password reset, no hospital.

    here: the key of the session that stays, where it is the person who has changed it; then tokens stay, too.
    """
    if not here:
        person.tokens.all().delete()
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
