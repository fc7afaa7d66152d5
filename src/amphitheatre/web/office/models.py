"""Accounts as the office sees them: a record of its own, so that nobody comes by Wagtail's pages of users to more."""

from django.utils.translation import gettext_lazy as _

from amphitheatre.web.accounts.models import User


class Person(User):
    class Meta:
        proxy = True
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email
