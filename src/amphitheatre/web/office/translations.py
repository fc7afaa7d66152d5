"""What who looks after translations has to see: which are missing, which are older than their originals."""

from datetime import datetime, tzinfo
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.ui.tables import Column

from amphitheatre.web.texts.models import Translated
from amphitheatre.web.texts.shown import Freshness, freshness, note, shown
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import COLON, NAMES, current_tag
from amphitheatre.web.ui.languages import named_here


def said_of(record: Translated, own: tzinfo | None) -> dict[str, str]:
    """By column, what stands beside a text that is missing or older than its original. own: the reader's zone."""
    return {
        column_of(field, tag): (
            _("Not translated yet: shown in %(language)s.") % {"language": _shown_in(record, field, tag)}
            if state is Freshness.MISSING
            else _older(record, field, own)
        )
        for field, states in freshness(record).items()
        for tag, state in states.items()
        if state is not Freshness.FRESH
    }


def confirmable(record: Translated) -> list[tuple[str, str]]:
    """The translations that are there: their columns, and what each is called."""
    return [
        (column_of(field, tag), _named(record, field, tag))
        for field, states in freshness(record).items()
        for tag in states
        if record.text(field, tag)
    ]


def column_of(field: str, tag: str) -> str:
    return str(build_localized_fieldname(field, tag.lower()))


def _shown_in(record: Translated, field: str, tag: str) -> str:
    return named_here(shown(record, field, tag).tag)


def _older(record: Translated, field: str, own: tzinfo | None) -> str:
    changed = datetime.fromisoformat(record.dated(field, record.original))
    return _("Older than the original, which was changed: %(moment)s.") % {
        "moment": times.zoned(changed, own)
    }


def _named(record: Translated, field: str, tag: str) -> str:
    """For instance "Title · Français (translation older than the original)"."""
    title = capfirst(str(record._meta.get_field(field).verbose_name))
    there = note(shown(record, field, tag))
    return f"{title} · {NAMES[tag]}{f' ({there})' if there else ''}"


def _summary(record: Translated) -> str:
    """For instance "Français: missing · 中文: older"; empty where all is as it should be."""
    words = {Freshness.MISSING: _("missing"), Freshness.OLDER: _("older than the original")}
    worst: dict[str, Freshness] = {}
    for states in freshness(record).values():
        for tag, state in states.items():
            if state is not Freshness.FRESH and worst.get(tag) is not Freshness.MISSING:
                worst[tag] = state
    colon = COLON[current_tag()]
    return " · ".join(f"{NAMES[tag]}{colon}{words[state]}" for tag, state in worst.items())


TRANSLATIONS: Final = Column("translations", label=gettext_lazy("Translations"), accessor=_summary)
