"""What a list can be narrowed down to."""

from typing import Any

from django.db.models import Field, QuerySet
from django.forms import ModelChoiceField, RadioSelect
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter
from wagtail.admin.filters import WagtailFilterSet

from amphitheatre.web.office.choices import tell_apart
from amphitheatre.web.office.codes import CHOICES
from amphitheatre.web.texts.shown import stale
from amphitheatre.web.ui.language import NAMES


class OfficeFilters(WagtailFilterSet):
    """Codes are chosen by their names, records by what tells them apart."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for one in self.filters.values():
            if isinstance(one.field, ModelChoiceField):
                tell_apart(one.field)

    @classmethod
    def filter_for_field(cls, field: Field, field_name: str, *lookup: str) -> Filter:
        if field.name not in CHOICES:
            return super().filter_for_field(field, field_name, *lookup)
        return ChoiceFilter(field_name=field_name, choices=CHOICES[field.name], empty_label=_("All"))


class TextsFilters(OfficeFilters):
    translations = ChoiceFilter(
        label=_("Translation missing or older than the original"),
        choices=list(NAMES.items()),
        empty_label=_("All"),
        widget=RadioSelect,
        method="lacking",
    )

    def lacking(self, records: QuerySet[Any], _name: str, tag: str) -> QuerySet[Any]:
        return records.filter(stale(records.model, tag))
