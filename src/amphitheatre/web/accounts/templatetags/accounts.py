"""What pages of accounts ask about their own address, and about browsers."""

from typing import Final

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.sign_in import passkeys_work

register = template.Library()

# By what tells them apart; later ones name the earlier ones, too, so the first that is found counts.
_BROWSERS: Final = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "MicroMessenger": "WeChat",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def can_use_passkeys(request: HttpRequest) -> bool:
    """See `sign_in.passkeys_work`."""
    return passkeys_work(request)


@register.filter
def browser(user_agent: str) -> str:
    """As people know theirs, for instance "Firefox · Android"."""
    found = [
        next((name for mark, name in names.items() if mark in user_agent), None)
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(name for name in found if name) or _("Another program")
