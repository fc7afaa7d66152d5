"""What happens in one room for a while, and who does what in it."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.programme.domain.instants import happens_twice, is_skipped, read_on
from amphitheatre.web.programme.models.course import Course, Room
from amphitheatre.web.programme.models.technique import Technique
from amphitheatre.web.texts.models import Translated


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
    it (`as_told`); None: nothing yet. technique: what a lecture is about; of operations the cases tell.
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
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    told = models.JSONField(null=True, editable=False)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar = ["day", "begins", "again", "pk"]

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and _agreement(self.__dict__) != _agreement(self.before()):
            self.sequence += 1
            if options.get("update_fields") is not None:
                options["update_fields"] = {*options["update_fields"], "sequence", "changed"}
        super().save(*args, **options)

    def as_told(self) -> dict[str, Any]:
        """What people plan with, ready for JSON: instants in UTC, ISO 8601; languages as BCP 47 tags."""
        return {
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "room": self.room_id,
            "cancelled": self.cancelled,
            "floor": self.floor,
            "interpreted": self.interpreted,
            "audience": self.audience,
        }

    @property
    def is_news(self) -> bool:
        """People were last told something else, as far as they were told of it."""
        now = self.as_told()
        return self.told is None or any(now[name] != told for name, told in self.told.items())

    @property
    def starts(self) -> datetime:
        """In UTC, by the rules of the zone as they are known now: they may have changed since it was planned."""
        return read_on(self.day, self.begins, self.course.zone, second=self.again)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    def clean(self) -> None:
        if self.course_id is None or self.day is None or self.begins is None:
            return  # what is missing is said already
        at = self.day, self.begins, self.course.zone
        if is_skipped(*at):
            skipped = _("Clocks are set forward that day: they do not show this time.")
            raise ValidationError({"begins": skipped})
        if self.again and not happens_twice(*at):
            raise ValidationError({"again": _("Clocks show this time only once that day.")})
        if not self.course.first_day <= self.day <= self.course.last_day:
            raise ValidationError({"day": _("The course does not run on that day.")})


def _agreement(columns: Mapping[str, Any]) -> list[object]:
    """What people have planned with, as far as it was loaded."""
    return [columns.get(name) for name in ("day", "begins", "again", "minutes", "room_id", "cancelled")]


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
            # To a database no two nothings are the same.
            models.UniqueConstraint(
                fields=["session", "person", "part", "language"],
                condition=models.Q(first=None),
                name="duty_once_in_a_whole_session",
                violation_error_message=_("This is entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def minutes(self) -> range:
        """Of the session in which the person is busy; none where the session has become shorter than that."""
        last = self.session.minutes if self.last is None else min(self.last, self.session.minutes)
        return range(min(self.first or 0, last), last)

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
        if self.session_id is not None and (self.first or 0) >= self.session.minutes:
            raise ValidationError({"first": _("The session is over by then.")})
