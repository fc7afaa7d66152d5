"""Webhooks, and what is on its way to them."""

import secrets
import uuid
from base64 import b64encode
from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What happens here that others may be told of."""

    REGISTRATION = "registration.changed", _("A registration has changed")
    PUBLISHED = "course.published", _("A course was published")
    PROGRAMME = "programme.changed", _("A published programme has changed")


def new_secret() -> str:
    """As Standard Webhooks writes it: 32 random bytes."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


class Hook(models.Model):
    """An address that is told of some events. secret: what each message to it is signed with."""

    address = models.URLField(_("Address"), validators=[URLValidator(schemes=["https", "http"])])
    events = models.JSONField(_("Events"), default=list)
    secret = models.CharField(_("Secret"), max_length=80, default=new_secret, editable=False)
    active = models.BooleanField(_("Active"), default=True)
    made = models.DateTimeField(_("Made"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["address", "pk"]

    def __str__(self) -> str:
        return self.address


class MessageState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken")
    FAILED = "failed", _("Failed")


class Message(models.Model):
    """One event on its way to one address. id: the same at each try, by which a receiver knows it again.

    body: JSON, as it is signed and sent. due: not to be tried before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hook = models.ForeignKey(
        Hook, on_delete=models.CASCADE, related_name="messages", verbose_name=_("webhook")
    )
    event = models.CharField(_("Event"), max_length=32, choices=Event.choices)
    body = models.TextField(_("What is sent"))
    state = models.CharField(
        _("State"), max_length=8, choices=MessageState.choices, default=MessageState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    trouble = models.CharField(_("Trouble"), max_length=200, blank=True)
    happened = models.DateTimeField(_("Happened"), default=timezone.now)
    due = models.DateTimeField(_("Due"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["-happened", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="messages_due")]

    def __str__(self) -> str:
        return str(self.id)
