"""Which text a reader is shown, and what the page has to say about it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

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


def shown_of(texts: Mapping[str, str]) -> Shown:
    """As `shown`, of texts by language tag: in the reader's language, else in English, else in any."""
    wanted = current_tag()
    for tag in (wanted, "en", *texts):
        if text := texts.get(tag):
            return Shown(text, tag, Freshness.FRESH if tag == wanted else Freshness.MISSING)
    return Shown("", wanted, Freshness.FRESH)


def in_current(texts: Mapping[str, str]) -> str:
    """As `shown_of`, for a title or a label: the text alone."""
    return shown_of(texts).text


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


def stale(model: type[Translated], tag: str) -> Q:
    """As `freshness`, asked of the database: the records of which a text is missing in that language, or older."""
    found = Q()
    for field in model.texts:
        columns = {other: build_localized_fieldname(field, other.lower()) for other in TAGS.values()}
        own = columns.pop(tag)
        anything = Q(*(~_empty(column) for column in columns.values()), _connector=Q.OR)
        found |= _empty(own) & anything
        for other, column in columns.items():
            found |= Q(LessThan(_date(own), _date(column)), original=other) & ~_empty(own)
    return ~Q(original=tag) & found


def _empty(column: str) -> Q:
    return Q(**{column: ""}) | Q(**{column: None})


def _date(column: str) -> Coalesce:
    """To compare: ISO 8601 in UTC throughout; what has no date is older than anything (`Translated.dated`)."""
    return Coalesce(KT(f"text_dates__{column}"), Value(""), output_field=TextField())
