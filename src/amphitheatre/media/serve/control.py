"""Web's own door: plans in, the list of rooms out, takes ended, exported and deleted."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.media.config import MediaConfig
from amphitheatre.media.record.take import Take
from amphitheatre.media.room.house import House
from amphitheatre.media.room.room import Room
from amphitheatre.media.room.view_of_room import listing, view_of_take
from amphitheatre.media.serve.grants import Gate
from amphitheatre.media.serve.problem import Problem

_LONGEST_PLAN = 256 * 1024  # bytes

Handler = Callable[[Request], Awaitable[Response]]


class Control:
    def __init__(self, house: House, gate: Gate, config: MediaConfig) -> None:
        self._house = house
        self._gate = gate
        self._config = config

    def routes(self) -> list[Route]:
        return [
            Route("/control/rooms", self._guarded(self._list), methods=["GET"]),
            Route("/control/rooms/{room}", self._guarded(self._put), methods=["PUT"]),
            Route("/control/rooms/{room}", self._guarded(self._remove), methods=["DELETE"]),
            Route("/control/rooms/{room}/end", self._guarded(self._end), methods=["POST"]),
            Route("/control/rooms/{room}/takes", self._guarded(self._takes), methods=["GET"]),
            Route("/control/rooms/{room}/takes/{take}", self._guarded(self._delete), methods=["DELETE"]),
            Route("/control/rooms/{room}/takes/{take}/export", self._guarded(self._export), methods=["POST"]),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            try:
                self._gate.control(request.scope)
                return await handler(request)
            except Problem as problem:
                return problem.response()

        return guarded

    async def _list(self, request: Request) -> Response:
        host = request.url.hostname or "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
        house = self._house
        return JSONResponse(
            [
                listing(room, self._config, host, partial(house.srt_port, room.plan.id))
                for room in house.rooms.values()
            ]
        )

    async def _put(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > _LONGEST_PLAN:
            raise Problem(413)
        try:
            plan = msgspec.json.decode(body, type=RoomPlan)
        except msgspec.DecodeError as error:
            raise Problem(422, str(error)) from error
        if plan.id != request.path_params["room"]:
            raise Problem(422, "The plan is for another room.")
        await self._house.put(plan)
        return Response(status_code=204)

    async def _remove(self, request: Request) -> Response:
        if not await self._house.remove(request.path_params["room"]):
            raise Problem(404)
        return Response(status_code=204)

    async def _end(self, request: Request) -> Response:
        await self._room(request).end()
        return Response(status_code=204)

    async def _takes(self, request: Request) -> Response:
        room = self._room(request)
        found = await asyncio.to_thread(lambda: [view_of_take(room, take) for take in room.recordings.all()])
        return Response(msgspec.json.encode(found), media_type="application/json")

    async def _delete(self, request: Request) -> Response:
        room = self._room(request)
        await room.recordings.delete(self._ended_take(room, request))
        return Response(status_code=204)

    async def _export(self, request: Request) -> Response:
        room = self._room(request)
        state = await room.recordings.exports.begin(self._ended_take(room, request))
        return Response(msgspec.json.encode(state), 202, media_type="application/json")

    def _ended_take(self, room: Room, request: Request) -> Take:
        take = next((take for take in room.recordings.all() if take.id == request.path_params["take"]), None)
        if take is None:
            raise Problem(404)
        if room.ended_at(take) is None:
            raise Problem(409, "The take is still on air.")
        return take

    def _room(self, request: Request) -> Room:
        room = self._house.rooms.get(request.path_params["room"])
        if room is None:
            raise Problem(404)
        return room
