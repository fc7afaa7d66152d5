"""What all lists of the office have in common."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import DeleteView, IndexView, InspectView, SnippetViewSet

from amphitheatre.web.accounts.models import User
from amphitheatre.web.office.codes import CHOICES, in_words
from amphitheatre.web.office.exports import Spreadsheet
from amphitheatre.web.office.filters import OfficeFilters, TextsFilters
from amphitheatre.web.office.headings import Headed, OfficeAdd, deleted
from amphitheatre.web.office.history import OfficeEdit, OfficeHistory
from amphitheatre.web.office.labels import label, named
from amphitheatre.web.office.translations import TRANSLATIONS, column_of
from amphitheatre.web.office.usage import OfficeUsage
from amphitheatre.web.texts.models import Translated
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import NAMES, TAGS

IN_USE = gettext_lazy("Others still refer to it, so it stays.")


class OfficeIndex(Spreadsheet, IndexView):
    @property
    def base_filterset_class(self) -> type[OfficeFilters]:
        return TextsFilters if issubclass(self.model, Translated) else OfficeFilters

    @cached_property
    def columns(self) -> list[Column]:
        """Boxes to tick stand where the reader may do something with several records, translations where they may mend
        them.
        """
        boxes, *others = super().columns
        has_texts = issubclass(self.model, Translated)
        for column in others:
            if has_texts and column.name in self.model.texts:  # not blank where nobody has translated it yet
                column.accessor = partial(_text, field=column.name)
            elif column.name == "person.name":
                column.label = capfirst(gettext("person"))
                column.accessor = partial(_who, reader=self.request.user)
            elif column.name in CHOICES:
                column.accessor = partial(in_words, path=column.name)
        kind, may = self.model._meta, self.request.user.has_perm
        if has_texts and may(f"{kind.app_label}.change_{kind.model_name}"):
            others.append(TRANSLATIONS)
        actions = bulk_action_registry.get_bulk_actions_for_model(kind.app_label, kind.model_name)
        return [boxes, *others] if any(may(action.asks_for(self.model)) for action in actions) else others

    def get_list_buttons(self, record: Any) -> list[Any]:
        buttons = super().get_list_buttons(record)
        for one in buttons:
            one.attrs["aria-label"] = gettext("More for “%(record)s”") % {"record": label(record)}
        return buttons

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is equal by the column that was chosen stays as the records themselves are ordered."""
        chosen = super().order_queryset(queryset)
        return chosen.order_by(*chosen.query.order_by, *self.model._meta.ordering)


def _who(record: Any, reader: User) -> str:
    """Whom it concerns."""
    return named(record.person, reader)


def _text(record: Translated, field: str) -> str:
    return shown(record, field).text


class OfficeDelete(Headed, DeleteView):
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

    def get_success_message(self) -> str:
        return deleted(self.object)


class OfficeInspect(Headed, InspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = in_words(self.object, field_name)
        if isinstance(value, datetime):
            return times.zoned(value, times.own_zone(self.request))
        if isinstance(value, User):
            return named(value, self.request.user)
        if isinstance(value, Model):
            return label(value)
        return value if isinstance(value, str) else super().get_field_display_value(field_name, field)


class OfficeViewSet(SnippetViewSet):
    """Searched by what the database itself can find."""

    index_view_class = OfficeIndex
    add_view_class = OfficeAdd
    edit_view_class = OfficeEdit
    delete_view_class = OfficeDelete
    history_view_class = OfficeHistory
    inspect_view_class = OfficeInspect
    usage_view_class = OfficeUsage
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


def texts(model: type[Translated], *fields: str, advice: Any = "") -> Sequence[Panel]:
    """A group of columns for each text, one a language; then which translations are right. advice: above each group."""
    groups = [
        MultiFieldPanel(
            [FieldPanel(column_of(field, tag), heading=NAMES[tag]) for tag in TAGS.values()],
            heading=_heading(model, field),
            help_text=advice,
        )
        for field in fields
    ]
    return [*groups, FieldPanel("confirmed")]


def _heading(model: type[Model], field: str) -> Any:
    return model._meta.get_field(field).verbose_name
