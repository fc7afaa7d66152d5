"""Brings the plans of all rooms to media, and keeps trying until media has taken them."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import httpx
import msgspec
import structlog
from asgiref.sync import sync_to_async
from django.db import close_old_connections

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.web.studio.domain import plan_changes
from amphitheatre.web.studio.domain.plans import all_plans

log = structlog.get_logger(__name__)
FIRST_PAUSE: Final = 0.25  # seconds after the first failure; doubled with each further one
LONGEST_PAUSE: Final = 10.0  # seconds
LOOK_AGAIN: Final = 5.0  # seconds; another process, such as a command, may have changed a plan
TIMEOUT: Final = 5.0  # seconds for one plan


class NotTaken(Exception):
    """Media could not be reached or did not take a plan; the message says why."""


class PlanDelivery:
    """Owned by the server's life: `run` ends only by cancellation.

    load answers with all plans. authorise makes a fresh Authorization value for each call.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        load: Callable[[], Awaitable[list[RoomPlan]]],
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
        """Send each plan that media has not taken yet. Raises NotTaken at the first that fails."""
        await self._forget_what_media_lost()
        for plan in await self._load():
            body = msgspec.json.encode(plan)
            if self._taken.get(plan.id) != body:
                await self._call("PUT", f"/control/rooms/{plan.id}", body)
                self._taken[plan.id] = body
                log.info("plan taken", room=plan.id)

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
def load_plans() -> list[RoomPlan]:
    """All valid plans from the database; a room that can't be planned is logged and left out."""
    close_old_connections()
    plans, faults = all_plans()
    for fault in faults:
        log.error("room has no valid plan", fault=str(fault))
    return plans
