"""Times for people: in their language, and always with the place named."""

from datetime import datetime
from typing import Final

from babel.dates import format_datetime, get_timezone_location
from django.utils import timezone

from amphitheatre.web.ui.language import current_tag

LOCALES: Final = {"zh-Hans": "zh_Hans", "en": "en_GB", "fr": "fr"}
# Day, month and time in the order of each language (Unicode TS 35, date field symbols).
PATTERNS: Final = {"zh-Hans": "M月d日EEE HH:mm", "en": "EEE d MMM, HH:mm", "fr": "EEE d MMM, HH:mm"}


def zoned(moment: datetime) -> str:
    """For instance "Sat 14 Nov, 16:00 Shanghai", in the organiser's time zone and the active language."""
    local = timezone.localtime(moment)
    tag = current_tag()
    locale = LOCALES[tag]
    place = get_timezone_location(timezone.get_current_timezone(), locale=locale, return_city=True)
    return f"{format_datetime(local, PATTERNS[tag], locale=locale)} {place}"
