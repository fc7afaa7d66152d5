"""Pages of a record, and what is said once it is saved or deleted, call it by its label; Wagtail's by `__str__`."""

from typing import Any

from django.utils.text import capfirst
from wagtail.snippets.views.snippets import CreateView, DeleteView

from amphitheatre.web.office.labels import label


class Headed:
    """A page about one record."""

    object: Any

    def get_page_subtitle(self) -> str:
        return label(self.object)


class Saved:
    """A form that says what it has saved."""

    def get_success_message(self, record: Any = None) -> str:
        said: str = super().get_success_message(label(record or self.object))  # type: ignore[misc]  # Wagtail's view
        return said


class OfficeAdd(Saved, CreateView):
    pass


def deleted(record: Any) -> str:
    """As Wagtail says it."""
    facts = {"model_name": capfirst(record._meta.verbose_name), "object": label(record)}
    return str(DeleteView.success_message % facts)
