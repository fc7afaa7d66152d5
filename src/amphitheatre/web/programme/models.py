"""A course and its sessions; the rooms they take place in; the techniques that are shown."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.programme.domain.instants import NoSuchTimeError, happens_twice, instant
from amphitheatre.web.texts.models import Translated
from amphitheatre.web.ui.validators import time_zone


class Course(Translated):
    """Some days of teaching in one time zone. published: since when everybody sees its programme."""

    texts = ("title", "summary", "city")

    slug = models.SlugField(max_length=64, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True, max_length=2000)
    city = models.CharField(_("City"), max_length=100, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, validators=[time_zone])
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    published = models.DateTimeField(_("Published"), null=True, blank=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering: ClassVar = ["-first_day", "slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="course_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))
            ),
        ]

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        found = super().from_db(db, field_names, values)
        if "time_zone" in found.__dict__:
            found._zone_before = found.time_zone
        return found

    def save(self, *args: Any, **options: Any) -> None:
        """In another zone all its sessions are at other moments."""
        with transaction.atomic():
            super().save(*args, **options)
            if getattr(self, "_zone_before", self.time_zone) != self.time_zone:
                self.__dict__.pop("zone", None)
                self.sessions.update(sequence=F("sequence") + 1, changed=timezone.now())
        self._zone_before = self.time_zone

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


class Room(Translated):
    """A theatre or a hall. slug: also the name of its room on air. opens, closes: by the course's clock."""

    texts = ("title",)

    slug = models.SlugField(max_length=64, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    theatre = models.BooleanField(_("Operating theatre"), default=False)
    opens = models.TimeField(_("Opens"), null=True, blank=True)
    closes = models.TimeField(_("Closes"), null=True, blank=True)
    live_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering: ClassVar = ["slug"]


class Technique(Translated):
    """A procedure of the library, which any course may use."""

    texts = ("title", "summary")

    slug = models.SlugField(max_length=64, unique=True)
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
    position = models.PositiveSmallIntegerField()
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
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("Title"), max_length=200)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["phase", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phase", "position"], name="step_once_in_a_phase"),
        ]


class Kind(models.TextChoices):
    CEREMONY = "ceremony", _("Ceremony")
    LECTURE = "lecture", _("Lecture")
    LIVE_OPERATION = "live operation", _("Live operation")
    QUESTIONS = "questions", _("Questions")
    DISCUSSION = "discussion", _("Discussion")


class Session(Translated):
    """What happens in one room for a while.

    It begins when the clocks of the course show `begins` on `day`, which is what was agreed: rules of a zone may still
    change. again: of two such moments, when clocks are set back, the later one. minutes: its length. floor,
    interpreted: BCP 47 tags. audience: a continent, or empty for everybody. sequence: how often what calendars show has
    been changed (RFC 5545, 3.8.7.4); uid: by which they know it again. told: what those who take part were last told of
    it (`as_told`); None: nothing yet. consent: since when the patient of an operation agrees to be shown.
    """

    texts = ("title", "summary")

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("course")
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, related_name="sessions", null=True, blank=True, verbose_name=_("room")
    )
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("Summary"), blank=True, max_length=2000)
    day = models.DateField(_("Day"))
    begins = models.TimeField(_("Begins"))
    again = models.BooleanField(_("The second time that clocks show this"), default=False)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    floor = models.CharField(_("Language of the floor"), max_length=16)
    interpreted = models.JSONField(_("Interpreted into"), default=list, blank=True)
    audience = models.CharField(_("Audience"), max_length=16, blank=True)
    technique = models.ForeignKey(
        Technique,
        on_delete=models.PROTECT,
        related_name="sessions",
        null=True,
        blank=True,
        verbose_name=_("technique"),
    )
    cancelled = models.BooleanField(_("Cancelled"), default=False)
    consent = models.DateTimeField(_("Patient's consent"), null=True, blank=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    told = models.JSONField(null=True, editable=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["day", "begins", "again", "pk"]

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        found = super().from_db(db, field_names, values)
        found._agreed = found._agreement()
        return found

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and self._agreement() != getattr(self, "_agreed", None):
            self.sequence += 1
            if options.get("update_fields") is not None:
                options["update_fields"] = {*options["update_fields"], "sequence", "changed"}
        super().save(*args, **options)
        self._agreed = self._agreement()

    def _agreement(self) -> tuple[object, ...]:
        """What people have planned with, as far as it was loaded."""
        names = ("day", "begins", "again", "minutes", "room_id", "cancelled")
        return tuple(self.__dict__.get(name) for name in names)

    def as_told(self) -> dict[str, Any]:
        """What people plan with, ready for JSON: instants in UTC, ISO 8601."""
        return {
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "room": self.room_id,
            "cancelled": self.cancelled,
        }

    @property
    def starts(self) -> datetime:
        """In UTC, by the rules of the zone as they are known now."""
        return instant(self.day, self.begins, self.course.zone, second=self.again)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    def clean(self) -> None:
        if self.course_id is None or self.day is None or self.begins is None:
            return  # what is missing is said already
        zone, twice = self.course.zone, happens_twice(self.day, self.begins, self.course.zone)
        try:
            instant(self.day, self.begins, zone)
        except NoSuchTimeError as error:
            raise ValidationError(
                {"begins": _("Clocks are set forward that day: they do not show this time.")}
            ) from error
        if self.again and not twice:
            raise ValidationError({"again": _("Clocks show this time only once that day.")})
        if not self.course.first_day <= self.day <= self.course.last_day:
            raise ValidationError({"day": _("The course does not run on that day.")})


class Part(models.TextChoices):
    """What somebody does in a session."""

    SPEAKER = "speaker", _("Speaker")
    CHAIR = "chair", _("Chair")
    MODERATOR = "moderator", _("Moderator")
    INTERPRETER = "interpreter", _("Interpreter")


class Duty(models.Model):
    """Somebody's part in a session. language: an interpreter's, BCP 47.

    first, last: of a shift, minutes after the session begins, the last one not included; None: from its beginning, to
    its end.
    """

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="duties", verbose_name=_("session")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duties", verbose_name=_("person")
    )
    part = models.CharField(_("Part"), max_length=12, choices=Part.choices)
    language = models.CharField(_("Interprets into"), max_length=16, blank=True)
    first = models.PositiveSmallIntegerField(_("From minute"), null=True, blank=True)
    last = models.PositiveSmallIntegerField(_("To minute"), null=True, blank=True)

    class Meta:
        verbose_name = _("part in a session")
        verbose_name_plural = _("parts in sessions")
        ordering: ClassVar = ["session", "part", "language", "first", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "person", "part", "language", "first"], name="duty_once_in_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def minutes(self) -> range:
        """Of the session in which the person is busy."""
        last = self.session.minutes if self.last is None else min(self.last, self.session.minutes)
        return range(self.first or 0, last)

    @property
    def starts(self) -> datetime:
        return self.session.starts + timedelta(minutes=self.minutes.start)

    @property
    def ends(self) -> datetime:
        return self.session.starts + timedelta(minutes=self.minutes.stop)

    def clean(self) -> None:
        if (self.part == Part.INTERPRETER) != bool(self.language):
            raise ValidationError({"language": _("Interpreters have a language, and nobody else.")})
        if self.first is not None and self.last is not None and self.first >= self.last:
            raise ValidationError({"last": _("A shift ends after it begins.")})
