"""What refers to a record, and goes or stays with it."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.db.models import Model, prefetch_related_objects
from wagtail.admin.ui.tables import BaseColumn
from wagtail.snippets.views.snippets import UsageView

from amphitheatre.web.office.headings import Headed
from amphitheatre.web.office.labels import label


class OfficeUsage(Headed, UsageView):
    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = str(self.object)
        return [
            item | {"label": self.get_page_subtitle()} if item["label"] == own else item
            for item in super().get_breadcrumbs_items()
        ]

    @cached_property
    def columns(self) -> list[BaseColumn]:
        name, *others = super().columns
        name.accessor = _called
        return [name, *others]

    def get_table(self, object_list: Any, **options: Any) -> Any:
        """With what their labels need, read at once."""
        rows = list(object_list)
        by_model: dict[type[Model], list[Model]] = defaultdict(list)
        for record, _references in rows:
            by_model[type(record)].append(record)
        for model, records in by_model.items():
            if hasattr(model, "snippet_viewset"):
                prefetch_related_objects(records, *model.snippet_viewset.related)
        return super().get_table(rows, **options)


def _called(row: dict[str, Any]) -> str:
    """What the reader may not change is not named."""
    return label(row["object"]) if row["edit_url"] else str(row["label"])
