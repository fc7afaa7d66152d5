"""What has become of a record: who has done what with it, and which fields were changed, never what stood in them."""

from functools import cached_property, partial
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.history import HistoryFilterSet, LogEntryUserColumn
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.snippets.views.snippets import EditView, HistoryView

from amphitheatre.web.office.exports import heading
from amphitheatre.web.office.headings import Headed, Saved
from amphitheatre.web.office.labels import named
from amphitheatre.web.ui.language import COLON, COMMA, current_tag


class OfficeEdit(Saved, Headed, EditView):
    def save_instance(self) -> Any:
        """As Wagtail's, and the history keeps the names of what was changed."""
        changed, user = self.form.changed_data, self.request.user
        action = self.action_class(self.form.instance, user=user, form=self.form, log_action=None)
        record = action.execute(skip_permission_checks=True)
        log(record, "wagtail.edit", user=user, content_changed=bool(changed), data={"fields": changed})
        return record

    def get_last_updated_info(self) -> dict[str, Any] | None:
        last = super().get_last_updated_info()
        return last and {"timestamp": last.timestamp, "user_display_name": _who(last, self.request.user)}


class _By(LogEntryUserColumn):
    def get_cell_context_data(self, entry: ModelLogEntry, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(entry, parent_context)
        return context | {"display_name": _who(entry, parent_context["request"].user)}


class _HistoryFilters(HistoryFilterSet):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if "user" in self.filters:
            self.filters["user"].field.label_from_instance = partial(named, reader=self.request.user)


class OfficeHistory(Headed, HistoryView):
    """Whoever may look may know what has happened."""

    any_permission_required: ClassVar = ["view", "add", "change", "delete"]
    filterset_class = _HistoryFilters

    @cached_property
    def columns(self) -> list[Column]:
        what, by, at = super().columns
        what.accessor = self._what
        return [what, _By(by.name, label=by.label, width=by.width), at]

    def _what(self, entry: ModelLogEntry) -> str:
        """For instance "Edited: Title · Français, Day"."""
        fields = entry.data.get("fields")
        if fields is None:
            return str(entry.message)
        tag = current_tag()
        changed = COMMA[tag].join(map(self._called, fields)) or _("nothing")
        return f"{entry.message}{COLON[tag]}{changed}"

    def _called(self, field: str) -> str:
        try:
            column = self.model._meta.get_field(field)
        except FieldDoesNotExist:
            column = None
        if isinstance(column, TranslationField) or field not in self._fields:
            return heading(column) if column else field
        return str(self._fields[field].label)

    @cached_property
    def _fields(self) -> dict[str, Any]:
        return self.model.snippet_viewset.get_edit_handler().get_form_class().base_fields


def _who(entry: ModelLogEntry, reader: Any) -> str:
    return named(entry.user, reader) if entry.user else str(entry.user_display_name)
