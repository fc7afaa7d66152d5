"""Accounts: a person signs in with an e-mail address and has one role."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.accounts.roles import AccountRole, Profession
from amphitheatre.web.ui.language import TAGS
from amphitheatre.web.ui.validators import COUNTRY, time_zone


class UserAccounts(BaseUserManager["User"]):
    """Makes accounts. Addresses are kept in lower case, so that nobody has two."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A new account; without a password it can sign in by passkey alone."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An account for the hospital's IT: it passes every check of Django's own permissions."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, role=AccountRole.DIRECTOR, **fields
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """opaque_id is what leaves this server (in grants, events and logs): never the address.

    calendar_key: in the address of the person's calendar, which programs read without signing in.
    name: in the person's own script and order. languages: BCP 47 tags. named: consent to appear by name in public.
    """

    email = models.EmailField(_("E-mail address"), unique=True)
    opaque_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(
        _("Role"), max_length=16, choices=AccountRole.choices, default=AccountRole.PARTICIPANT
    )
    preferred_language = models.CharField(
        _("Preferred language"),
        max_length=10,
        blank=True,
        choices=[("zh-Hans", "简体中文"), ("en", "English"), ("fr", "Français")],
    )
    name = models.CharField(_("Name"), max_length=150, blank=True)
    latin_name = models.CharField(_("Name in Latin letters"), max_length=150, blank=True)
    profession = models.CharField(_("Profession"), max_length=12, choices=Profession.choices, blank=True)
    speciality = models.CharField(_("Speciality"), max_length=100, blank=True)
    licence_number = models.CharField(_("Licence number"), max_length=64, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True, validators=[COUNTRY])
    languages = models.JSONField(_("Languages"), default=list, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True, validators=[time_zone])
    named = models.BooleanField(_("May be named in public"), default=False)
    calendar_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_staff = models.BooleanField(default=False)
    joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserAccounts] = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.opaque_id)  # names and addresses must not reach a log by accident

    @property
    def letters_in(self) -> str:
        """BCP 47 tag of the language in which letters to this person are written."""
        spoken = (tag for tag in self.languages if tag in TAGS.values())
        return self.preferred_language or next(spoken, TAGS[settings.LANGUAGE_CODE])

    def choose_language(self, tag: str) -> None:
        """Keep tag (BCP 47) as the language of this account's pages."""
        self.preferred_language = tag
        self.save(update_fields=["preferred_language"])


class Invitation(models.Model):
    """A link that lets a person in for the first time. digest: SHA-256 of its token, which nobody keeps; in hex."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used = models.DateTimeField(null=True)


class Scope(models.TextChoices):
    """What a program may do for a person, as far as the person may."""

    READ = "registrations:read", _("See registrations")
    WRITE = "registrations:write", _("Register doctors, and decide on registrations")
    MISSING = "programme:missing", _("See what sessions lack before they may go live")


class Token(models.Model):
    """A program's right to act for a person. digest: SHA-256 of what it presents, in hex. used: within a minute."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=100)
    scopes = models.JSONField(_("May"), default=list)
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made", "pk"]

    @property
    def may(self) -> list[str]:
        """In words."""
        return [scope.label for scope in Scope if scope.value in self.scopes]
