"""What all lists of the office have in common."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField, Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import (
    DeleteView,
    HistoryView,
    IndexView,
    InspectView,
    SnippetViewSet,
)

from amphitheatre.web.accounts.models import User
from amphitheatre.web.texts.models import Translated
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import NAMES, TAGS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def harmless(value: str) -> str:
    """A cell that a spreadsheet takes for text (OWASP, CSV injection). XLSX says so by itself."""
    return f"'{value}" if value.startswith(_FORMULA) else value


IN_USE = gettext_lazy("Others still refer to it, so it stays.")


class OfficeIndex(IndexView):
    custom_value_preprocess: ClassVar = SpreadsheetExportMixin.custom_value_preprocess | {
        str: {SpreadsheetExportMixin.FORMAT_CSV: harmless}
    }

    @cached_property
    def columns(self) -> list[Column]:
        """Boxes to tick stand where the reader may do something with several records."""
        boxes, *others = super().columns
        for column in others:  # not blank in Chinese because nobody has translated it yet
            if issubclass(self.model, Translated) and column.name in self.model.texts:
                column.accessor = partial(_text, field=column.name)
        named = self.model._meta
        actions = bulk_action_registry.get_bulk_actions_for_model(named.app_label, named.model_name)
        done = any(self.request.user.has_perm(action.asks_for(self.model)) for action in actions)
        return [boxes, *others] if done else others

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {path: _in_words(item, path) for path in self.list_export}

    def get_heading(self, queryset: QuerySet[Any], path: str) -> str:
        field = _field(self.model, path)
        place = f" ({timezone.get_current_timezone_name()})" if isinstance(field, DateTimeField) else ""
        return f"{capfirst(str(field.verbose_name))}{place}"

    def get_filename(self) -> str:
        return f"{self.model._meta.model_name}-{timezone.localdate()}"

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[str]:
        yield "\ufeff"  # without it spreadsheets take the letters for those of their own country
        yield from super().stream_csv(queryset)

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is equal by the column that was chosen stays as the records themselves are ordered."""
        chosen = super().order_queryset(queryset)
        return chosen.order_by(*chosen.query.order_by, *self.model._meta.ordering)


def _text(record: Translated, field: str) -> str:
    return shown(record, field).text


def _field(model: type[Model], path: str) -> Any:
    """The last one of "person.email"."""
    *ways, last = path.split(".")
    for way in ways:
        model = model._meta.get_field(way).related_model
    return model._meta.get_field(last)


def _in_words(record: Any, path: str) -> Any:
    """A choice by its name, a moment by the organiser's clock."""
    *ways, last = path.split(".")
    for way in ways:
        record = getattr(record, way)
    value = getattr(record, f"get_{last}_display", lambda: getattr(record, last))()
    if isinstance(value, datetime):
        return timezone.make_naive(value)
    return str(value) if isinstance(value, Model) else value


class OfficeDelete(DeleteView):
    """The record itself has a say (`policies`), which Wagtail's own view does not ask for."""

    def get_object(self, *arguments: Any) -> Any:
        found = super().get_object(*arguments)
        policy = policy_registry.get(found)
        if not policy.user_has_permission_for_instance(self.request.user, "delete", found):
            raise PermissionDenied
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, IN_USE)
            return redirect(self.get_success_url())


class OfficeHistory(HistoryView):
    """Whoever may look may know what has happened."""

    any_permission_required: ClassVar = ["view", "add", "change", "delete"]


class OfficeInspect(InspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self.object, field_name)
        if isinstance(value, datetime):
            return times.zoned(value, times.own_zone(self.request))
        if isinstance(value, User):
            return value.name or value.email
        return super().get_field_display_value(field_name, field)


class OfficeViewSet(SnippetViewSet):
    """Searched by what the database itself can find."""

    index_view_class = OfficeIndex
    delete_view_class = OfficeDelete
    history_view_class = OfficeHistory
    inspect_view_class = OfficeInspect
    search_backend_name = None
    related: ClassVar[Sequence[str]] = ()
    """What the list shows of other records: read with them, in one query."""
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields_exclude: ClassVar = ["text_dates"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            self.model._default_manager.select_related(*self.related)
            if self.related
            else self.model._default_manager.all()
        )

    def register_chooser_viewset(self) -> None:
        """None: Wagtail's choosers show everything to everybody who is in the office."""


class Moment(Column):
    """A time in the reader's zone and in the organiser's, both named. zone: instead of the organiser's, of a record."""

    def __init__(self, name: str, *, zone: Callable[[Any], tzinfo] | None = None, **options: Any) -> None:
        super().__init__(name, **options)
        self._zone = zone

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        if moment := self.get_value(instance):
            with timezone.override(self._zone(instance) if self._zone else None):
                context["value"] = times.zoned(moment, times.own_zone(parent_context["request"]))
        return context


def moment(model: type[Model], field: str) -> Moment:
    return Moment(field, label=capfirst(_heading(model, field)), sort_key=field)


def only_if(field: str, label: Any) -> Column:
    """A column that says its label where the field is true, and nothing where it is not."""
    return Column(
        field, label=label, accessor=lambda record: label if getattr(record, field) else "", sort_key=field
    )


def texts(model: type[Translated], *fields: str, advice: Any = "") -> Sequence[MultiFieldPanel]:
    """A group of columns for each text, one a language. advice: what stands above each."""
    return [
        MultiFieldPanel(
            [
                FieldPanel(build_localized_fieldname(field, code), heading=NAMES[tag])
                for code, tag in TAGS.items()
            ],
            heading=_heading(model, field),
            help_text=advice,
        )
        for field in fields
    ]


def _heading(model: type[Model], field: str) -> Any:
    return model._meta.get_field(field).verbose_name
