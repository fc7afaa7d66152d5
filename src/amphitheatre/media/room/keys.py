"""Which stream key admits to which source. Keys are compared by digest, so timing tells nothing."""

import hashlib
from typing import NamedTuple

from amphitheatre.contract.room_plan import RoomPlan


class Door(NamedTuple):
    """source: ``views/{id}`` or ``languages/{tag}``."""

    room: str
    source: str


class KeyRing:
    """The keys of all plans. Holds digests only."""

    def __init__(self) -> None:
        self._doors: dict[bytes, Door] = {}

    def replace(self, plan: RoomPlan) -> None:
        """Admit by the plan's keys and no longer by the room's former ones."""
        self.remove(plan.id)
        for source, key in sources(plan).items():
            self._doors[_digest(key)] = Door(plan.id, source)

    def remove(self, room: str) -> None:
        self._doors = {digest: door for digest, door in self._doors.items() if door.room != room}

    def find(self, key: str) -> Door | None:
        return self._doors.get(_digest(key))


def sources(plan: RoomPlan) -> dict[str, str]:
    """Every source of a plan with its key."""
    views = {f"views/{view.id}": view.key for view in plan.views}
    return views | {f"languages/{language.tag}": language.key for language in plan.languages}


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
