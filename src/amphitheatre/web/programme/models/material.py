"""What belongs to a session on paper: slides and articles."""

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.programme.models.session import Session


def storage() -> FileSystemStorage:
    """In the data folder, where no address leads: files leave through a view that knows who may have them."""
    return FileSystemStorage(location=settings.AMPHITHEATRE.data / "materials", file_permissions_mode=0o600)


def place(material: "Material", name: str) -> str:
    """A name of our own, whatever the sender's file was called."""
    return f"{material.session_id}/{uuid.uuid4()}{Path(name).suffix.lower()}"


class Audience(models.TextChoices):
    """Who is given a material."""

    PARTICIPANTS = "participants", _("Everybody who takes part")
    BOOTH = "booth", _("Interpreters, to prepare themselves")


class Material(models.Model):
    """One file of a session. title: as its author calls it, not translated. by: who brought it; None: gone since."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="materials", verbose_name=_("session")
    )
    title = models.CharField(_("Title"), max_length=200)
    audience = models.CharField(_("For"), max_length=12, choices=Audience.choices)
    file = models.FileField(_("File"), storage=storage, upload_to=place, max_length=200)
    size = models.PositiveIntegerField(_("Bytes"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="materials",
        editable=False,
    )
    brought = models.DateTimeField(_("Brought"), auto_now_add=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering: ClassVar = ["session", "brought", "pk"]

    def __str__(self) -> str:
        return self.title
