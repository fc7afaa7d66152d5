"""Times for people: in their language, always with the place named, and in their own zone where that is known."""

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

from babel.dates import format_date, get_timezone_location
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.zones import zone

LOCALES: Final = {"zh-Hans": "zh_Hans", "en": "en_GB", "fr": "fr"}
# Day, month and time in the order of each language (Unicode TS 35, date field symbols).
DAYS: Final = {"zh-Hans": "M月d日EEE", "en": "EEE d MMM", "fr": "EEE d MMM"}
DAYS_OF_OTHER_YEARS: Final = {"zh-Hans": "y年M月d日", "en": "d MMM y", "fr": "d MMM y"}
BETWEEN: Final = {"zh-Hans": " ", "en": ", ", "fr": ", "}
COOKIE: Final = "amphitheatre_zone"  # set by the pages' own script


class Place(NamedTuple):
    """A moment at one place. zone: its IANA name."""

    day: str
    time: str
    place: str
    zone: str


class Span(NamedTuple):
    """From one moment to another at one place. day, zone: as the beginning's."""

    day: str
    begins: str
    ends: str
    place: str
    zone: str

    @property
    def lasts(self) -> str:
        """For instance "16:20 – 18:00"."""
        return f"{self.begins} – {self.ends}"


def own_zone(request: HttpRequest) -> tzinfo | None:
    """The reader's zone, as their account says or their browser told it; None when neither did, or told nonsense."""
    said = getattr(
        getattr(request, "user", None), "time_zone", ""
    )  # an error page may come before anybody is known
    return zone(said) or zone(request.COOKIES.get(COOKIE, ""))


def places(moment: datetime, own: tzinfo | None) -> list[Place]:
    """The moment in the reader's own zone and in the active one; one alone where both clocks show the same."""
    return [_at(moment, zone) for zone in _zones(moment, own)]


def spans(begins: datetime, ends: datetime, own: tzinfo | None) -> list[Span]:
    """As `places`, of a time that lasts."""
    found = [(_at(begins, zone), _at(ends, zone)) for zone in _zones(begins, own)]
    return [Span(first.day, first.time, last.time, first.place, first.zone) for first, last in found]


def dated(span: Span) -> str:
    """For instance "Sat 14 Nov, 16:20 – 18:00 Shanghai", in the active language."""
    return f"{span.day}{BETWEEN[current_tag()]}{span.lasts} {span.place}"


def lasts(begins: datetime, ends: datetime, own: tzinfo | None) -> str:
    """For instance "Sat 14 Nov, 08:20 – 10:00 Bamako · 16:20 – 18:00 Shanghai"; the other day, too, where it is one."""
    first, *rest = spans(begins, ends, own)
    return " · ".join(
        [dated(first), *(f"{one.lasts} {one.place}" if one.day == first.day else dated(one) for one in rest)]
    )


def _zones(moment: datetime, own: tzinfo | None) -> list[tzinfo]:
    host = timezone.get_current_timezone()
    if own is None or own.utcoffset(moment.astimezone(own)) == host.utcoffset(moment.astimezone(host)):
        return [host]
    return [own, host]


def zoned(moment: datetime, own: tzinfo | None = None) -> str:
    """For instance "Sat 14 Nov, 08:00 Bamako · 16:00 Shanghai", in the active language."""
    shown = places(moment, own)
    between = BETWEEN[current_tag()]
    first, *rest = [f"{one.day}{between}{one.time} {one.place}" for one in shown]
    if rest and shown[0].day == shown[1].day:
        rest = [f"{shown[1].time} {shown[1].place}"]
    return " · ".join([first, *rest])


def day(moment: datetime) -> str:
    """For instance "Mon 14 Dec", at the organiser's place."""
    return _at(moment, timezone.get_current_timezone()).day


def lasting(length: timedelta) -> str:
    """For instance "1 h 40 min"; seconds only of what is shorter than a minute."""
    minutes, seconds = divmod(max(0, round(length.total_seconds())), 60)
    if minutes == 0:
        return _("%(seconds)d s") % {"seconds": seconds}
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def clock(request: HttpRequest) -> dict[str, object]:
    """Context processor: the reader's zone, and the time of day in the masthead, which a script keeps going."""
    own = own_zone(request)
    return {"clock": places(timezone.now(), own), "own_zone": own}


def _at(moment: datetime, zone: tzinfo) -> Place:
    tag = current_tag()
    local = moment.astimezone(zone)
    days = DAYS if local.year == timezone.now().astimezone(zone).year else DAYS_OF_OTHER_YEARS
    return Place(
        _day(local.date(), days[tag], tag), f"{local:%H:%M}", _place(zone, tag), getattr(zone, "key", "")
    )


# A programme says the same days and places over and over.
@lru_cache(maxsize=1024)
def _day(day: date, pattern: str, tag: str) -> str:
    return format_date(day, pattern, locale=LOCALES[tag])


@lru_cache(maxsize=2048)
def _place(zone: tzinfo, tag: str) -> str:
    return get_timezone_location(zone, locale=LOCALES[tag], return_city=True).rpartition("/")[2]
