"""What the office does with several records at once; with which ones, and what, stands in `bulk_*.py`."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import classproperty
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from amphitheatre.web.office.headings import deleted
from amphitheatre.web.office.labels import label
from amphitheatre.web.office.rules import TABLE
from amphitheatre.web.office.views import IN_USE
from amphitheatre.web.programme.models import Room


class Careful(SnippetBulkAction):
    """Wagtail's "all in this list" means all that there are, whatever is filtered: here it chooses nothing.

    And who may not look at a record learns nothing of it.
    """

    related: ClassVar[tuple[str, ...]] = ()

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        if not self.permission_policy.user_has_permission(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *arguments, **options)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[Any]:
        return []

    @classmethod
    def get_queryset(cls, model: type[Model], object_ids: list[str]) -> list[Any]:
        chosen = model.objects.filter(pk__in=[key for key in object_ids if _may_be_key(model, key)])
        return list(cls.read(chosen))

    @classmethod
    def read(cls, chosen: QuerySet[Any]) -> QuerySet[Any]:
        """With what is needed of other records."""
        return chosen.select_related(*cls.related) if cls.related else chosen


def _may_be_key(model: type[Model], text: str) -> bool:
    """What stands in an address is whatever somebody has typed."""
    try:
        model._meta.pk.clean(text, None)
    except ValidationError:
        return False
    return True


class Delete(Careful, DeleteBulkAction):
    """Offered where somebody may; Wagtail's own, which stands on every list, goes."""

    @classproperty
    def models(cls) -> list[type[Model]]:
        """Rooms and what is on air in them go one by one: the page of each says what is lost with it."""
        found = [model for model in get_snippet_models() if "delete" in TABLE[model._meta.label_lower]]
        return [model for model in found if model is not Room and model._meta.app_label != "studio"]

    @classmethod
    def asks_for(cls, model: type[Model]) -> str:
        return f"{model._meta.app_label}.delete_{model._meta.model_name}"

    def object_context(self, record: Any) -> dict[str, Any]:
        return super().object_context(record) | {"item": label(record)}

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        try:
            with transaction.atomic():
                done: tuple[int, int] = super().execute_action(objects, **kwargs)
        except ProtectedError:
            messages.error(kwargs["self"].request, IN_USE)
            return 0, 0
        return done

    def get_success_message(self, count: int, children: int) -> str:
        """One is named."""
        return (
            deleted(self.actionable_objects[0])
            if count == 1
            else super().get_success_message(count, children)
        )


class OfficeAction(Careful):
    """permission: what it asks for. verb: logged in the history of each record."""

    template_name = "office/bulk_action.html"
    permission: ClassVar[str]
    verb: ClassVar[str]
    consequence: ClassVar[Any] = ""
    """What cannot be undone, said before it is done."""

    @classmethod
    def asks_for(cls, _model: type[Model]) -> str:
        return cls.permission

    def check_perm(self, record: Any) -> bool:
        return self.request.user.has_perm(self.permission) and self.makes_sense(record)

    def makes_sense(self, record: Any) -> bool:
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(action=self, **kwargs)
        left = [self.left(record) for record in context["items_with_no_access"]]
        consequences = self.consequences([one["record"] for one in context["items"]])
        return context | {"items_with_no_access": left, "consequences": consequences}

    def object_context(self, record: Any) -> dict[str, Any]:
        return {"item": self.named(record), "record": record}

    def consequences(self, records: list[Any]) -> list[Any]:
        """What it brings with it, said before it is done with these."""
        return [self.consequence] if self.consequence else []

    def named(self, record: Any) -> str:
        return label(record)

    def left(self, record: Any) -> str:
        """One to which it is not done: who, and how things are with it."""
        return self.named(record)

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        action: OfficeAction = kwargs["self"]
        done = action.all_tried(objects)
        for record in done:
            log(instance=record, action=cls.verb, user=action.request.user)
        return len(done), 0

    def all_tried(self, records: list[Any]) -> list[Any]:
        """Those with which it was done."""
        return [record for record in records if self.tried(record)]

    def tried(self, record: Any) -> bool:
        """Whether it was done."""
        self.do(record)
        return True

    def do(self, record: Any) -> None:
        raise NotImplementedError

    def get_success_message(self, count: int, _children: int) -> str:
        return ngettext("%(count)d record: done.", "%(count)d records: done.", count) % {"count": count}


DeleteBulkAction.models = ()
