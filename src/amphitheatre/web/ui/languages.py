"""Languages by their names in themselves."""

from collections.abc import Iterable
from typing import Final

from babel import Locale, UnknownLocaleError

from amphitheatre.web.ui.language import NAMES, current_tag
from amphitheatre.web.ui.times import LOCALES

_SHORT: Final = NAMES | {"zh-Hans": "中文"}  # spoken, there is nothing simplified about it


def named_here(tag: str) -> str:
    """In the reader's language, for instance "French" or "anglais" (CLDR)."""
    names = Locale.parse(LOCALES[current_tag()]).languages
    return str(names.get(tag.replace("-", "_"), name_of(tag)))


def spoken_in(floor: str, interpreted: Iterable[str]) -> str:
    """For instance "中文 → English, Français"."""
    return " → ".join(filter(None, [name_of(floor), ", ".join(map(name_of, interpreted))]))


def name_of(tag: str) -> str:
    """For instance "Français"; the tag itself (BCP 47) where nobody knows its name."""
    if tag in _SHORT:
        return _SHORT[tag]
    try:
        name = Locale.parse(tag, sep="-").display_name
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag
