"""Languages by their names in themselves."""

from typing import Final

from babel import Locale, UnknownLocaleError

from amphitheatre.web.ui.language import NAMES

_SHORT: Final = NAMES | {"zh-Hans": "中文"}  # spoken, there is nothing simplified about it


def name_of(tag: str) -> str:
    """For instance "Français"; the tag itself (BCP 47) where nobody knows its name."""
    if tag in _SHORT:
        return _SHORT[tag]
    try:
        name = Locale.parse(tag, sep="-").display_name
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag
