"""Rooms with their views and languages, and what media has told of them."""

import secrets
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.contract.room_plan import Profile
from amphitheatre.web.texts.shown import in_current

IDENTIFIER = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z",
    _("Use small letters a to z, digits, and hyphens between them; at most 64."),
)
LANGUAGE_TAG = RegexValidator(r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?\Z")
STREAM_KEY = RegexValidator(r"^[A-Za-z0-9_-]{16,79}\Z")


def new_stream_key() -> str:
    """32 characters with 192 bits of chance; they also suit SRT's passphrase (10 to 79 characters)."""
    return secrets.token_urlsafe(24)


DELAYS = [
    (Profile.FASTEST.value, _("Shortest: for good lines")),
    (Profile.FAST.value, _("Short")),
    (Profile.GLOBAL.value, _("Longer: for far and weak lines")),
]


class Room(models.Model):
    """A place where something is shown live. title maps language tags (BCP 47) to text.

    floor: the tag of the language spoken in the theatre. guard_delay: seconds. Heights in lines.
    """

    id = models.SlugField(_("Name in addresses"), primary_key=True, max_length=64, validators=[IDENTIFIER])
    title = models.JSONField(_("Title"), default=dict)
    floor = models.CharField(_("Language of the floor"), max_length=16, validators=[LANGUAGE_TAG])
    profile = models.CharField(_("Delay"), max_length=8, choices=DELAYS, default=Profile.FAST.value)
    top_height = models.PositiveSmallIntegerField(
        _("Lines of the largest picture"),
        default=1080,
        validators=[MinValueValidator(240), MaxValueValidator(2160)],
    )
    guard_delay = models.FloatField(
        default=0.0, validators=[MinValueValidator(0.0), MaxValueValidator(120.0)]
    )
    recorded = models.BooleanField(_("Recorded"), default=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True, default=30)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        verbose_name = _("room on air")
        verbose_name_plural = _("rooms on air")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return in_current(self.title) or self.id


class Source(models.Model):
    """What an encoder pushes to. The key admits it; generated keys are unguessable."""

    key = models.CharField(max_length=79, default=new_stream_key, validators=[STREAM_KEY])
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "pk"]


class View(Source):
    """One camera picture. label maps language tags to text. pull_url: media fetches it itself."""

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="views", verbose_name=_("room on air")
    )
    name = models.SlugField(_("Name in addresses"), max_length=64, validators=[IDENTIFIER])
    label = models.JSONField(_("Shown as"), default=dict)
    pull_url = models.CharField(max_length=500, blank=True)
    pull_loop = models.BooleanField(default=False)

    class Meta(Source.Meta):
        verbose_name = _("picture on air")
        verbose_name_plural = _("pictures on air")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "name"], name="view_once_in_a_room"),
            models.UniqueConstraint(fields=["key"], name="view_key_once"),
        ]

    def __str__(self) -> str:
        return in_current(self.label) or self.name

    @property
    def source(self) -> str:
        return f"views/{self.name}"


class Language(Source):
    """One sound track. label is the language's name in itself."""

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="languages", verbose_name=_("room on air")
    )
    tag = models.CharField(_("Language"), max_length=16, validators=[LANGUAGE_TAG])
    label = models.CharField(_("Shown as"), max_length=64)
    interpreted = models.BooleanField(_("Interpreted"), default=False)

    class Meta(Source.Meta):
        verbose_name = _("language on air")
        verbose_name_plural = _("languages on air")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "tag"], name="language_once_in_a_room"),
            models.UniqueConstraint(fields=["key"], name="language_key_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def source(self) -> str:
        return f"languages/{self.tag}"


class MediaEvent(models.Model):
    """One `contract.event.Event`, kept once. room is plain text: an event may outlive its room."""

    id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=32)
    room = models.CharField(max_length=64)
    source = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    received = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["room", "kind", "-at"], name="event_of_a_room")]
