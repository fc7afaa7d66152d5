"""Institutions; their years in the alliance; the people who belong to them."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.texts.models import Translated
from amphitheatre.web.ui.validators import COUNTRY, time_zone


class Institution(Translated):
    """A hospital, university or public body. latitude, longitude: degrees, for the map."""

    texts = ("name", "city")

    slug = models.SlugField(_("Name in addresses"), max_length=64, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    city = models.CharField(_("City"), max_length=100)
    country = models.CharField(_("Country"), max_length=2, validators=[COUNTRY])
    continent = models.CharField(_("Continent"), max_length=16, choices=Continent.choices)
    time_zone = models.CharField(_("Time zone"), max_length=64, validators=[time_zone])
    latitude = models.FloatField(
        _("Latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("Longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering: ClassVar = ["country", "slug"]


class Place(models.TextChoices):
    """What an institution is in the alliance."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice-chair", _("Vice-chair")
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    PARTNER = "partner", _("Partner")


class Membership(models.Model):
    """One stretch of an institution's time in the alliance. left: the first day that it does not belong any more."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("institution")
    )
    place = models.CharField(
        _("Role in the alliance"), max_length=12, choices=Place.choices, default=Place.MEMBER
    )
    joined = models.DateField(_("Joined"))
    left = models.DateField(_("Left"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar = ["joined", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(left=None) | Q(left__gt=F("joined")),
                violation_error_message=_("It ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(left=None),
                name="one_membership_at_a_time",
                violation_error_message=_(
                    "This institution is in the alliance already: end that membership first."
                ),
            ),
        ]


class Affiliation(models.Model):
    """A person belongs to an institution; a coordinator acts for it. until: the first day that it is over."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="affiliations",
        verbose_name=_("person"),
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="people", verbose_name=_("institution")
    )
    coordinator = models.BooleanField(_("Acts for the institution"), default=False)
    since = models.DateField(_("Since"), auto_now_add=True)
    until = models.DateField(_("Until"), null=True, blank=True)

    @staticmethod
    def current() -> Q:
        """Those that have not ended yet."""
        return Q(until=None) | Q(until__gt=timezone.localdate())

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(until=None),
                name="belongs_once",
                violation_error_message=_("This is entered already."),
            ),
        ]
