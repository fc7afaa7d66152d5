"""Continents as the figures of a course count them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Continent(models.TextChoices):
    AFRICA = "Africa", _("Africa")
    ASIA = "Asia", _("Asia")
    EUROPE = "Europe", _("Europe")
    NORTH_AMERICA = "North America", _("North America")
    OCEANIA = "Oceania", _("Oceania")
    SOUTH_AMERICA = "South America", _("South America")
