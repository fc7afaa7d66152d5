"""The library of techniques: procedures with their phases and steps, which any course may use."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.texts.models import Translated


class Technique(Translated):
    """A procedure of the library, which any course may use."""

    texts = ("title", "summary")

    slug = models.SlugField(_("Name in addresses"), max_length=64, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")
        ordering: ClassVar = ["slug"]


class Phase(Translated):
    """Steps that belong together. position: from 1."""

    texts = ("title",)

    technique = models.ForeignKey(
        Technique, on_delete=models.CASCADE, related_name="phases", verbose_name=_("technique")
    )
    position = models.PositiveSmallIntegerField(_("Position"))
    title = models.CharField(_("Title"), max_length=200)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering: ClassVar = ["technique", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["technique", "position"], name="phase_once_in_a_technique"),
        ]


class Step(Translated):
    """One step of a phase. position: from 1."""

    texts = ("title",)

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="steps", verbose_name=_("phase"))
    position = models.PositiveSmallIntegerField(_("Position"))
    title = models.CharField(_("Title"), max_length=200)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["phase", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "position"], name="step_once_in_a_phase"),
        ]
