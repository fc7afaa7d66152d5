"""How allauth behaves here: accounts are made by the secretariat, not by whoever comes along."""

import uuid
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as core
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.mail.domain.letters import post
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.ui.language import current_tag

_TAKE_PART: Final = frozenset({AccountRole.PARTICIPANT, AccountRole.COORDINATOR})


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever takes part lands where they join, everybody else at the rooms."""
        if request.user.role in _TAKE_PART:
            return reverse("own-page")
        return str(super().get_login_redirect_url(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the queue, as all letters: nobody waits for a mail server, and none is lost with it."""
        known = {"request": core.request, "email": email, "site": settings.AMPHITHEATRE.address}
        message = self.render_mail(template_prefix, email, known | context)
        key = f"account:{uuid.uuid4()}"
        text = f"{message.body}\n"
        post(Letter(key=key, to=email, language=current_tag(), subject=message.subject, text=text))
