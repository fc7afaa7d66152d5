"""Lists as spreadsheets: in words of the reader's language; times by a clock that is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, Model, QuerySet
from django.template.defaultfilters import yesno
from django.utils import timezone
from django.utils.text import capfirst
from modeltranslation.fields import TranslationField
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from amphitheatre.web.office.codes import in_words
from amphitheatre.web.registration.domain.sheet import harmless
from amphitheatre.web.ui.language import NAMES, TAGS


@dataclass(frozen=True, eq=False)
class Cell:
    """In `list_export`, between the names of fields: what no field of the record holds by itself."""

    heading: Any
    value: Callable[[Any], Any]


class Spreadsheet(SpreadsheetExportMixin):
    custom_value_preprocess: ClassVar = SpreadsheetExportMixin.custom_value_preprocess | {
        str: {SpreadsheetExportMixin.FORMAT_CSV: harmless}
    }

    def to_row_dict(self, item: Any) -> dict[Any, Any]:
        return {column: _plain(_value(item, column)) for column in self.list_export}

    def get_heading(self, queryset: QuerySet[Any], column: str | Cell) -> str:
        if isinstance(column, Cell):
            return capfirst(str(column.heading))
        field = _field(self.model, column)
        place = f" ({timezone.get_current_timezone_name()})" if isinstance(field, DateTimeField) else ""
        return f"{heading(field)}{place}"

    def get_filename(self) -> str:
        return f"{self.model._meta.model_name}-{timezone.localdate()}"

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[str]:
        yield "\ufeff"  # without it spreadsheets take the letters for those of their own country
        yield from super().stream_csv(queryset)


def heading(field: Any) -> str:
    """field: of a model. For instance "Title · Français"."""
    if isinstance(field, TranslationField):
        return f"{capfirst(str(field.translated_field.verbose_name))} · {NAMES[TAGS[field.language]]}"
    return capfirst(str(field.verbose_name))


def _field(model: type[Model], path: str) -> Any:
    """The last one of "person.email"."""
    *ways, last = path.split(".")
    for way in ways:
        model = model._meta.get_field(way).related_model
    return model._meta.get_field(last)


def _value(record: Any, column: str | Cell) -> Any:
    return column.value(record) if isinstance(column, Cell) else in_words(record, column)


def _plain(value: Any) -> Any:
    """What a cell can hold: yes or no, a moment by the organiser's clock, a record by its name."""
    if isinstance(value, bool):
        return yesno(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.make_naive(value)
    return str(value) if isinstance(value, Model) else value
