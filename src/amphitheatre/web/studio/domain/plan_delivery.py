"""Brings the plans of all rooms to media, and keeps trying until media has taken them."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import httpx
import msgspec
import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.web.studio.domain import plan_changes, rooms
from amphitheatre.web.studio.domain.plans import InvalidRoom, plan_of
from amphitheatre.web.studio.queries import rooms_with_sources

log = structlog.get_logger(__name__)
FIRST_PAUSE: Final = 0.25  # seconds after the first failure; doubled with each further one
LONGEST_PAUSE: Final = 10.0  # seconds
LOOK_AGAIN: Final = 5.0  # seconds; another process may have changed a plan, and sessions end by themselves
TIMEOUT: Final = 5.0  # seconds for one plan


class NotTaken(Exception):
    """Media could not be reached or did not take a plan; the message says why."""


class PlanDelivery:
    """Owned by the server's life: `run` ends only by cancellation.

    load answers with the plan of each room by its id, None for one that can't be planned. authorise makes a fresh
    Authorization value for each call.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        load: Callable[[], Awaitable[dict[str, RoomPlan | None]]],
        authorise: Callable[[], str],
    ) -> None:
        self._client = client
        self._load = load
        self._authorise = authorise
        self._taken: dict[str, bytes] = {}
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Deliver now, upon each change in this process, and every few seconds what others changed."""
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        with plan_changes.listening(lambda: loop.call_soon_threadsafe(self._changed.set)):
            while True:
                self._changed.clear()
                try:
                    await self.deliver()
                except NotTaken as e:
                    log.warning("plan not taken yet", reason=str(e), next_try_in=pause)
                    await self._wait(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                else:
                    pause = FIRST_PAUSE
                    await self._wait(LOOK_AGAIN)

    async def deliver(self) -> None:
        """Send each plan that media has not taken yet, close each room that is gone. Raises NotTaken at the first
        that fails.

        Only a room that media took from here is closed: a fresh database beside a course on air ends nothing.
        """
        await self._forget_what_media_lost()
        plans = await self._load()
        for room, plan in plans.items():
            body = msgspec.json.encode(plan)
            if plan is not None and self._taken.get(room) != body:
                await self._call("PUT", f"/control/rooms/{room}", body)
                self._taken[room] = body
                log.info("plan taken", room=room)
        for room in self._taken.keys() - plans.keys():
            await self._call("DELETE", f"/control/rooms/{room}")
            del self._taken[room]
            log.info("room closed", room=room)

    async def _forget_what_media_lost(self) -> None:
        """A media server with a fresh data folder has no plans: it gets them again."""
        if not self._taken:
            return
        answer = await self._call("GET", "/control/rooms")
        try:
            held = msgspec.json.decode(answer.content, type=list[_HeldRoom])
        except msgspec.DecodeError as e:
            raise NotTaken(f"media's list of rooms is not understood: {e}") from e
        known = {room.id for room in held}
        self._taken = {room: body for room, body in self._taken.items() if room in known}

    async def _call(self, method: str, path: str, body: bytes | None = None) -> httpx.Response:
        headers = {"Authorization": self._authorise(), "Content-Type": "application/json"}
        try:
            answer = await self._client.request(method, path, content=body, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as e:
            raise NotTaken(f"{method} {path}: {type(e).__name__}") from e
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise NotTaken(f"{method} {path}: {answer.status_code}")
        return answer

    async def _wait(self, seconds: float) -> None:
        """Until a change is announced, at most for so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return


class _HeldRoom(msgspec.Struct):
    id: str


@sync_to_async
def load_plans() -> dict[str, RoomPlan | None]:
    """The plan of each room in the database, as the programme wants it by now; what is wrong with one that can't be
    planned is logged.
    """
    close_old_connections()
    found = rooms_with_sources()
    try:
        found = rooms_with_sources() if rooms.keep_up(found) else found
    except DatabaseError as fault:  # others hold the lock for too long: what there is is brought meanwhile
        log.error("rooms do not follow the programme", fault=str(fault))
    plans: dict[str, RoomPlan | None] = {}
    for room in found:
        try:
            plans[room.pk] = plan_of(room)
        except InvalidRoom as fault:
            plans[room.pk] = None
            log.error("room has no valid plan", fault=str(fault))
    return plans
