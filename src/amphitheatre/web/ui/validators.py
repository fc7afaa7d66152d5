"""What several models and forms ask of a value."""

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.ui.zones import zone

COUNTRY: Final = RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in ISO 3166-1: CN, ML."))


def time_zone(name: str) -> None:
    """Raises ValidationError for what is no zone of the IANA database."""
    if zone(name) is None:
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name[:64]})
