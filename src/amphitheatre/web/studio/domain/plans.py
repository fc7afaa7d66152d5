"""From the database's rooms to the contract's plans."""

import msgspec

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.web.studio.models import Room, View


class InvalidRoom(Exception):
    """A room can't become a plan; the message names the field."""


def plan_of(room: Room) -> RoomPlan:
    """The room as media shall know it. Raises InvalidRoom, for instance when it has no view."""
    try:
        return msgspec.convert(
            {
                "id": room.pk,
                "title": room.title,
                "views": [_view(view) for view in room.views.all()],
                "languages": [
                    {"tag": one.tag, "label": one.label, "interpreted": one.interpreted, "key": one.key}
                    for one in room.languages.all()
                ],
                "floor": room.floor,
                "profile": room.profile,
                "top_height": room.top_height,
                "guard_delay": room.guard_delay,
                "recording": {"enabled": room.recorded, "retention_days": room.retention_days},
            },
            RoomPlan,
        )
    except msgspec.ValidationError as e:
        raise InvalidRoom(f"room {room.pk}: {e}") from e


def _view(view: View) -> dict[str, object]:
    pull = {"url": view.pull_url, "loop": view.pull_loop} if view.pull_url else None
    return {"id": view.name, "label": view.label, "key": view.key, "pull": pull}
