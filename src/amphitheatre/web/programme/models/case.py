"""The operations that are shown in a session."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.programme.models.session import Session
from amphitheatre.web.programme.models.technique import Technique
from amphitheatre.web.texts.models import Translated


class Case(Translated):
    """One operation. position: from 1, in the order of the session.

    title, summary: what those who watch should know beforehand, and nothing that tells who the patient is. consent:
    since when the patient agrees to be shown; the advocate alone records it, and until then nothing that was written of
    the operation is public.
    """

    texts = ("title", "summary")

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="cases", verbose_name=_("session")
    )
    technique = models.ForeignKey(
        Technique, on_delete=models.PROTECT, related_name="cases", verbose_name=_("technique")
    )
    position = models.PositiveSmallIntegerField(_("Position"), default=1)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True, max_length=2000)
    consent = models.DateTimeField(_("Patient's consent"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering: ClassVar = ["session", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "position"], name="case_once_in_a_session"),
        ]

    def withhold(self) -> None:
        """Takes away what was written of it. What is left is there to be shown and never saved."""
        self.__dict__.update(dict.fromkeys(self._texts(), ""))
