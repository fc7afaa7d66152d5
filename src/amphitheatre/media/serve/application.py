"""The origin's HTTP face: one raw ASGI application, the hot path first, the rest to Starlette."""

import time
from collections.abc import MutableMapping
from typing import Any, Final

import msgspec
import structlog
from starlette.applications import Starlette

from amphitheatre.contract.grant import Grant
from amphitheatre.media.record.take import EXPORT_FILE
from amphitheatre.media.room import view_of_room
from amphitheatre.media.room.house import House
from amphitheatre.media.room.room import Room
from amphitheatre.media.serve.cors import PREFLIGHT, Cors
from amphitheatre.media.serve.grants import MAY_EXPORT, MAY_SEE_SOURCES, MAY_WATCH, Gate
from amphitheatre.media.serve.hls import Hls
from amphitheatre.media.serve.metrics import Meters
from amphitheatre.media.serve.problem import (
    NO_STORE,
    Headers,
    Problem,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    header,
)
from amphitheatre.media.serve.replay import Replay

log = structlog.get_logger(__name__)

_JSON: Final = (b"content-type", b"application/json")
_METHODS: Final = (b"allow", b"GET, HEAD, OPTIONS")


class Application:
    """rest: everything that is not hot, an ASGI application of its own."""

    def __init__(
        self, house: House, gate: Gate, cors: Cors, meters: Meters, replay: Replay, rest: Starlette
    ) -> None:
        self._house = house
        self._gate = gate
        self._cors = cors
        self._meters = meters
        self._hls = Hls()
        self._replay = replay
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        path: str = scope["path"]
        steps = path.split("/")
        headers = self._cors.headers(scope)
        if len(steps) < 4 or steps[1] != "rooms" or "whip" in steps[3:] or "whep" in steps[3:]:
            await self._rest(scope, receive, _with_headers(send, headers))
            return
        try:
            await self._room(scope, steps[2], steps[3:], headers, send)
        except Problem as problem:
            await answer_problem(send, problem, headers)

    async def _room(self, scope: Scope, room_id: str, steps: list[str], headers: Headers, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await answer(send, 204, [*PREFLIGHT, *headers], b"")
            return
        if method not in ("GET", "HEAD"):
            raise Problem(405, headers=[_METHODS])
        if method == "HEAD":
            send = _without_body(send)
        if steps == ["sources.json"]:
            self._gate.grant(scope, room_id, MAY_SEE_SOURCES)
            await self._sources(self._find(room_id), headers, send)
            return
        allowed = MAY_EXPORT if steps[-1] == EXPORT_FILE else MAY_WATCH
        grant = self._gate.grant(scope, room_id, allowed)
        room = self._find(room_id)
        if steps == ["room.json"]:
            state = view_of_room.room_state(room, time.time(), time.monotonic())
            await answer(send, 200, [_JSON, NO_STORE, *headers], msgspec.json.encode(state))
        elif steps[0] in ("replay", "takes"):
            await self._replay.serve(room, steps, scope, headers, send)
        else:
            await self._live(room, grant, steps, scope, headers, send)

    async def _live(
        self, room: Room, grant: Grant, steps: list[str], scope: Scope, headers: Headers, send: Send
    ) -> None:
        query = scope["query_string"].decode("latin-1")
        tracks = room.tracks
        if tracks is None:
            raise Problem(404)
        if len(steps) == 2 and steps[1] == "multivariant.m3u8":
            await self._hls.multivariant(room, steps[0], query, headers, send)
            return
        if len(steps) != 3:
            raise Problem(404)
        first, second, name = steps
        rendition = (
            tracks.sounds.get(second) if first == "languages" else tracks.pictures.get(first, {}).get(second)
        )
        if rendition is None:
            raise Problem(404)
        began = time.perf_counter()
        if name == "media.m3u8":
            room.audience[grant.jti] = time.monotonic()
            zipped = _accepts_gzip(scope)
            await self._hls.playlist(rendition, query, headers, send, zipped=zipped)
            self._meters.playlist(time.perf_counter() - began)
        else:
            await self._hls.media(rendition, name, header(scope, b"range"), headers, send)
            self._meters.part(time.perf_counter() - began)

    async def _sources(self, room: Room, headers: Headers, send: Send) -> None:
        reports = [source.report for source in room.sources.values()]
        await answer(send, 200, [_JSON, NO_STORE, *headers], msgspec.json.encode(reports))

    def _find(self, room_id: str) -> Room:
        room = self._house.rooms.get(room_id)
        if room is None:
            raise Problem(404)
        return room


def _with_headers(send: Send, headers: Headers) -> Send:
    async def more(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *headers]}
        await send(message)

    return more


def _without_body(send: Send) -> Send:
    async def headers_only(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headers_only


def _accepts_gzip(scope: Scope) -> bool:
    return b"gzip" in (header(scope, b"accept-encoding") or b"")
