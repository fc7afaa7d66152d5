"""A course, and the rooms that its sessions take place in."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.texts.models import Translated
from amphitheatre.web.ui.validators import time_zone


class Course(Translated):
    """Some days of teaching in one time zone. published: since when everybody sees its programme.

    cancelled: what of it was to come does not take place. planned: when anything in its programme was changed last.
    """

    texts = ("title", "summary", "city")

    slug = models.SlugField(_("Name in addresses"), max_length=64, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True, max_length=2000)
    city = models.CharField(_("City"), max_length=100, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, validators=[time_zone])
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    published = models.DateTimeField(_("Published"), null=True, blank=True)
    cancelled = models.BooleanField(_("Cancelled"), default=False, editable=False)
    planned = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering: ClassVar = ["-first_day", "slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="course_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("It ends before it begins."),
            ),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        """In another zone all its sessions are at other moments."""
        zone = self.before().get("time_zone")
        with transaction.atomic():
            super().save(*args, **options)
            if zone is not None and zone != self.time_zone:
                self.__dict__.pop("zone", None)
                self.sessions.update(sequence=F("sequence") + 1, changed=timezone.now())

    def clean(self) -> None:
        """What is planned already has to fit."""
        if self.pk is None or not (self.time_zone and self.first_day and self.last_day):
            return
        self.__dict__.pop("zone", None)
        for session in self.sessions.all():
            session.course = self
            try:
                session.clean()
            except ValidationError as error:
                raise ValidationError(f"{session}: {' '.join(error.messages)}") from error

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def today(self) -> date:
        """By its own clock."""
        return timezone.now().astimezone(self.zone).date()

    @property
    def is_over(self) -> bool:
        """What has been is not changed any more: reports and certificates count on it."""
        return self.today > self.last_day

    @property
    def is_open(self) -> bool:
        """It is to come or going on: there are places to be given."""
        return not self.cancelled and not self.is_over


class Room(Translated):
    """A theatre or a hall. slug: also the name of its room on air. opens, closes: by the course's clock."""

    texts = ("title",)

    slug = models.SlugField(_("Name in addresses"), max_length=64, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    theatre = models.BooleanField(_("Operating theatre"), default=False)
    opens = models.TimeField(_("Opens"), null=True, blank=True)
    closes = models.TimeField(_("Closes"), null=True, blank=True)
    live_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering: ClassVar = ["slug"]
