"""What follows when records change: whoever delivers plans looks again, and rooms on air come and go."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from amphitheatre.web.programme.models import Course, Session
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.studio.domain import plan_changes, rooms
from amphitheatre.web.studio.models import Language, Room, View


def connect() -> None:
    for model in (Room, View, Language, Course, Session):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"plan-{model.__name__}")
    post_save.connect(_room_planned, sender=PlannedRoom)
    post_delete.connect(_room_gone, sender=PlannedRoom)


def _changed(sender: object, **_: Any) -> None:
    """A change of a room, view or language, or of what the programme asks of rooms: say so once it is committed."""
    transaction.on_commit(plan_changes.announce)


def _room_planned(sender: object, instance: PlannedRoom, created: bool, raw: bool, **_: Any) -> None:
    """raw: from a copy of the database, which has the rooms on air too."""
    if raw:
        return
    if not created:  # one that was on air first keeps its title until somebody changes it in the programme
        rooms.rename(instance)
    rooms.make_for(instance)


def _room_gone(sender: object, instance: PlannedRoom, **_: Any) -> None:
    rooms.close(instance.slug)
