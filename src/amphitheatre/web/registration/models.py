"""A person's place in a course, and how many places there are."""

from datetime import timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.accounts.domain.invitations import not_in_yet
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course


class State(models.TextChoices):
    INVITED = "invited", _("Invited")
    APPLIED = "applied", _("Applied")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")
    ATTENDED = "attended", _("Attended")


HAVE_A_PLACE = (State.CONFIRMED, State.ATTENDED)


class Mode(models.TextChoices):
    ON_SITE = "on-site", _("On site")
    ONLINE = "online", _("Online")


class Registration(models.Model):
    """institution: the one the person came from, whatever becomes of either later. asked: since when it waits."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("course")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="registrations",
        verbose_name=_("person"),
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("institution")
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.APPLIED)
    mode = models.CharField(_("Takes part"), max_length=8, choices=Mode.choices, default=Mode.ONLINE)
    asked = models.DateTimeField(_("Asked"), auto_now_add=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering: ClassVar = ["asked", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "person"], name="registered_once_in_a_course"),
        ]
        indexes: ClassVar = [models.Index(fields=["course", "state"], name="registrations_by_state")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"  # no name: it may be logged

    @property
    def not_in_yet(self) -> bool:
        """The person has a place or is invited, and has never been here."""
        return self.state in (State.CONFIRMED, State.INVITED) and not_in_yet(self.person)


class Capacity(models.Model):
    """Places of a course for one way to take part; without a row there is no limit."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="capacities", verbose_name=_("course")
    )
    mode = models.CharField(_("Takes part"), max_length=8, choices=Mode.choices)
    places = models.PositiveIntegerField(_("Places"))

    class Meta:
        verbose_name = _("number of places")
        verbose_name_plural = _("numbers of places")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "mode"], name="one_capacity_for_a_mode")
        ]


class Quota(models.Model):
    """The most places of a course that one institution may take."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="quotas", verbose_name=_("course")
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="quotas", verbose_name=_("institution")
    )
    places = models.PositiveIntegerField(_("Places"), validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "institution"], name="one_quota_for_an_institution")
        ]


class StateChange(models.Model):
    """What became of a registration, when and by whom; by: None for what happened by itself. Never changed.

    told: when the person's letter about it was written, or was found not to be needed.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="history")
    before = models.CharField(max_length=10, choices=State.choices, blank=True)
    after = models.CharField(max_length=10, choices=State.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decisions"
    )
    told = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


KEPT: Final = timedelta(days=1)
"""So long a list waits for the word to take it: it holds names and addresses."""


class Upload(models.Model):
    """A list between its preview and the word to take it. rows: of text, the headings first.

    invites: each is asked whether they come, instead of being given a place.
    """

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("course")
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="uploads", verbose_name=_("institution")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    rows = models.JSONField()
    invites = models.BooleanField(default=False)
    made = models.DateTimeField(auto_now_add=True)


class PartsTold(models.Model):
    """What somebody was last told of their parts in a course (`domain.parts_news`)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="parts_told")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="parts_told")
    told = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "person"], name="parts_told_once_of_a_course"),
        ]
