"""What an account is there for. What each may do stands in the rules of the app it concerns."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountRole(models.TextChoices):
    """The people of the course; a doctor who takes part is a participant."""

    DIRECTOR = "director", _("Course director")
    SECRETARIAT = "secretariat", _("Alliance secretariat")
    COORDINATOR = "coordinator", _("Coordinator")
    PARTICIPANT = "participant", _("Participant")
    TECHNICIAN = "technician", _("Theatre technician")
    INTERPRETER = "interpreter", _("Interpreter")
    MODERATOR = "moderator", _("Moderator")
    SPEAKER = "speaker", _("Speaker")
    ADVOCATE = "advocate", _("Patient's advocate")
    EDITOR = "editor", _("Editor")
    REVIEWER = "reviewer", _("Reviewer")


class Profession(models.TextChoices):
    """What a person is; operations are for those who treat patients, or learn to."""

    DOCTOR = "doctor", _("Doctor")
    NURSE = "nurse", _("Nurse")
    STUDENT = "student", _("Medical student")
    TECHNICIAN = "technician", _("Medical technician")
    OTHER = "other", _("Other")
