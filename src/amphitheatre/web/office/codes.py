"""What stands in the database as a code, by the name that people know."""

from collections.abc import Callable
from typing import Any, Final

from babel import Locale
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.forms import countries, zones
from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.ui.language import COMMA, NAMES, current_tag
from amphitheatre.web.ui.languages import name_of
from amphitheatre.web.ui.times import LOCALES


def _country(code: str) -> str:
    return str(Locale.parse(LOCALES[current_tag()]).territories.get(code, code))


def _audience(code: str) -> str:
    return str(Continent(code).label) if code else _("Everybody")


def _languages(tags: list[str]) -> str:
    return COMMA[current_tag()].join(map(name_of, tags))


_NAMED: Final[dict[str, Callable[[Any], str]]] = {
    "audience": _audience,
    "country": _country,
    "floor": name_of,
    "interpreted": _languages,
    "language": name_of,
    "languages": _languages,
    "time_zone": lambda name: name.replace("_", " "),
}
# Those that are chosen from a list.
CHOICES: Final[dict[str, Callable[[], list[tuple[str, str]]]]] = {
    "country": countries,
    "floor": lambda: list(NAMES.items()),
    "language": lambda: list(NAMES.items()),
    "time_zone": zones,
}


def in_words(record: Any, path: str) -> Any:
    """The value that is there, as of "person.country": a choice or a code by its name in the reader's language."""
    *ways, last = path.split(".")
    for way in ways:
        record = getattr(record, way, None)
    if hasattr(record, f"get_{last}_display"):
        return getattr(record, f"get_{last}_display")()
    value = getattr(record, last, None)
    return value if value is None or last not in _NAMED else _NAMED[last](value)
