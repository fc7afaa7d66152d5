"""The e-mail address by which somebody signs in."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from amphitheatre.web.accounts.models import User


@transaction.atomic
def changed(person: User) -> None:
    """Whoever had the old one comes in no more: by no link, no session, no password reset, no hospital."""
    person.invitations.filter(used=None).update(used=timezone.now())
    EmailAddress.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()


def proved(person: User) -> None:
    """The person has followed a link that was sent there."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
