"""Letters: e-mails on their way."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    UNDER_WAY = "under-way", _("Under way")
    SENT = "sent", _("Sent")
    UNSURE = "unsure", _("Perhaps sent")
    FAILED = "failed", _("Failed")


class Letter(models.Model):
    """One e-mail to one address.

    id: in its Message-ID too. key: what it tells of, so that nothing is told twice. text: forgotten once it is sent,
    for it may hold a link that lets somebody in. due: not to be tried before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(_("E-mail address"))
    language = models.CharField(_("Language"), max_length=10)
    subject = models.CharField(_("Subject"), max_length=250)
    text = models.TextField()
    state = models.CharField(
        _("State"), max_length=10, choices=LetterState.choices, default=LetterState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    trouble = models.CharField(_("Trouble"), max_length=200, blank=True)
    written = models.DateTimeField(_("Written"), auto_now_add=True)
    due = models.DateTimeField(_("Due"), default=timezone.now)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes: ClassVar = [models.Index(fields=["state", "due"], name="letters_due")]

    def __str__(self) -> str:
        return str(self.id)
