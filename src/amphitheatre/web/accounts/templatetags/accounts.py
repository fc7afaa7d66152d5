"""What pages of accounts ask about their own address."""

from django import template
from django.http import HttpRequest

from amphitheatre.web.accounts.sign_in import passkeys_work

register = template.Library()


@register.filter
def can_use_passkeys(request: HttpRequest) -> bool:
    """See `sign_in.passkeys_work`."""
    return passkeys_work(request)
