"""A change of a room, view or language is a change of its plan: say so once it is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from amphitheatre.web.studio.domain import plan_changes
from amphitheatre.web.studio.models import Language, Room, View


def connect() -> None:
    for model in (Room, View, Language):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"plan-{model.__name__}")


def _changed(sender: object, **_: Any) -> None:
    transaction.on_commit(plan_changes.announce)
