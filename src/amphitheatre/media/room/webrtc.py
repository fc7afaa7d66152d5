"""WebRTC for all rooms: WHIP publishers into sources' processes, WHEP peers into the one return process."""

import asyncio
import contextlib
import secrets
from typing import Final

import structlog

from amphitheatre.contract.grant import Role
from amphitheatre.media.config import RtcNetwork
from amphitheatre.media.errors import MediaError, Refused
from amphitheatre.media.room import forks
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.house import House
from amphitheatre.media.room.jobs import WhipWay
from amphitheatre.media.room.room import Room
from amphitheatre.media.room.source import TAKEN_OVER, Source
from amphitheatre.media.rtc.return_link import ReturnLink

log = structlog.get_logger(__name__)

_PAUSE: Final = 0.5  # seconds before the return process is started again


class WebRtc:
    """What signalling asks of the rooms (`serve.signalling.Rooms`). link is fed by the rooms."""

    def __init__(self, house: House, link: ReturnLink, network: RtcNetwork) -> None:
        self._house = house
        self._link = link
        self._network = network
        self._publishers: dict[str, tuple[str, Source, Child | None]] = {}

    async def run(self) -> None:
        """Keep the return process alive until cancelled."""
        while True:
            try:
                process, sock = await asyncio.to_thread(forks.fork, "return", forks.RETURN, self._network)
            except MediaError as error:
                log.error("return.not_started", error=str(error))
                await asyncio.sleep(_PAUSE)
                continue
            sock.setblocking(False)
            try:
                await self._link.run(sock)
            finally:
                process.kill()
                process.join(1.0)
            await asyncio.sleep(_PAUSE)

    async def publish(self, room: str, source: str, sdp: str, takeover: bool) -> tuple[str, str]:
        """(resource id, answer). Raises Refused."""
        found = self._room(room)
        target = found.sources.get(source)
        if target is None:
            raise Refused("not-found")
        await target.claim(takeover)
        try:
            answer = await target.answer(found.job(source, WhipWay(sdp, self._network)))
        except MediaError as error:
            if isinstance(error, Refused):
                raise
            log.error("source.not_started", room=room, source=source, error=str(error))
            raise Refused("unavailable") from error
        resource = secrets.token_urlsafe(24)
        self._publishers = {id: entry for id, entry in self._publishers.items() if entry[1] is not target}
        self._publishers[resource] = (room, target, target.child)
        return resource, answer

    async def watch(
        self, room: str, view: str | None, language: str | None, sdp: str, role: Role | None
    ) -> tuple[str, str]:
        """(resource id, answer). Raises Refused."""
        plan = self._room(room).plan
        view = view or plan.views[0].id
        language = language or plan.floor
        if view not in {v.id for v in plan.views} or language not in {t.tag for t in plan.languages}:
            raise Refused("not-found")
        resource, answer = await self._link.watch(
            room, view, language, plan.floor, sdp, viewer=role is Role.VIEWER
        )
        return resource, answer

    async def end(self, room: str, resource: str) -> bool:
        """End what `publish` or `watch` opened in this room; False if there is no such resource."""
        if self._link.room_of(resource) == room:
            return self._link.hang_up(resource)
        entry = self._publishers.get(resource)
        if entry is None or entry[0] != room:
            return False
        del self._publishers[resource]
        _, source, child = entry
        if source.child is child and child is not None:
            await source.stop("hung-up")
        return True

    async def lives(self, room: str, resource: str, within: float) -> bool:
        """Whether what `publish` opened still lives, told after so many seconds or as soon as it has ended.

        Raises Refused(``already-live``) when somebody has taken over.
        """
        entry = self._publishers.get(resource)
        if entry is None or entry[0] != room:
            return False
        _, source, child = entry
        if source.child is child:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(source.ended(), within)
        if source.child is child:
            return child is not None
        if source.last_end == TAKEN_OVER:
            raise Refused("already-live")
        return False

    def _room(self, room: str) -> Room:
        found = self._house.rooms.get(room)
        if found is None:
            raise Refused("not-found")
        return found
