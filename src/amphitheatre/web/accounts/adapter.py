"""How allauth behaves here: accounts are made by the secretariat, not by whoever comes along."""

from typing import Final

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from amphitheatre.web.accounts.roles import AccountRole

_TAKE_PART: Final = frozenset({AccountRole.PARTICIPANT, AccountRole.COORDINATOR})


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever takes part lands where they join, everybody else at the rooms."""
        if request.user.role in _TAKE_PART:
            return reverse("own-page")
        return str(super().get_login_redirect_url(request))
