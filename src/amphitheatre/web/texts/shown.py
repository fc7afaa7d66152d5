"""Which text a reader is shown, and what the page has to say about it."""

from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from amphitheatre.web.texts.models import Translated
from amphitheatre.web.ui.language import TAGS, current_tag
from amphitheatre.web.ui.languages import named_here


class Freshness(StrEnum):
    FRESH = "fresh"
    MISSING = "missing"  # not translated: another language is shown
    OLDER = "older"  # the original has changed since


class Shown(NamedTuple):
    """tag: the language that it is in, BCP 47."""

    text: str
    tag: str
    freshness: Freshness


def shown(record: Translated, field: str, tag: str | None = None) -> Shown:
    """The text in the reader's language (or `tag`), else in the one it was written in, else in any."""
    wanted = tag or current_tag()
    if own := record.text(field, wanted):
        older = record.dated(field, wanted) < record.dated(field, record.original)
        return Shown(own, wanted, Freshness.OLDER if older else Freshness.FRESH)
    for other in (record.original, *TAGS.values()):
        if text := record.text(field, other):
            return Shown(text, other, Freshness.MISSING)
    return Shown("", wanted, Freshness.FRESH)


def note(found: Shown) -> str:
    """What there is to say of a text to its reader; empty for one that is as it should be."""
    if found.freshness is Freshness.OLDER:
        return _("translation older than the original")
    if found.freshness is Freshness.MISSING:
        return _("shown in %(language)s") % {"language": named_here(found.tag)}
    return ""


def freshness(record: Translated) -> dict[str, dict[str, Freshness]]:
    """For the back office: of every field, and of every language that it was not written in."""
    return {
        field: {tag: shown(record, field, tag).freshness for tag in TAGS.values() if tag != record.original}
        for field in record.texts
    }
