"""WHIP (RFC 9725) and WHEP over HTTP: an SDP offer in, an answer and the resource's address out.

No trickle ICE and no restart: answers hold all candidates, so PATCH is 405 (RFC 9725, 4.3) and no Accept-Patch
is promised. A resource's address holds a secret that only its owner was told; to know it is the right to end it.
Whoever may not enter learns nothing about the room, not even whether there is one.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final, NamedTuple, Protocol

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from amphitheatre.contract.grant import COOKIE, Role
from amphitheatre.media.errors import Refused

_log = structlog.get_logger(__name__)

SDP: Final = "application/sdp"
MAX_OFFER: Final = 64 * 1024  # bytes
RETRY_AFTER: Final = 5  # seconds
PREFLIGHT_AGE: Final = 600  # seconds
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")

# Status and text for each code of Refused that can reach us.
PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "unauthenticated": (401, "Show a stream key or a grant, as a bearer token or a cookie."),
    "forbidden": (403, "This key or grant does not allow it."),
    "not-found": (404, "There is nothing here."),
    "already-live": (409, "Somebody is live here already. Add ?takeover=1 to take over."),
    "method": (
        405,
        "Only what the Allow header lists is possible. ICE can't be restarted; make a new offer.",
    ),
    "too-large": (413, f"An offer has at most {MAX_OFFER} bytes."),
    "media-type": (415, f"Send the offer as {SDP}."),
    "bad-sdp": (400, "The offer can't be understood."),
    "no-media": (422, "The offer has no picture or sound in the direction that this address is for."),
    "too-many-tracks": (422, "Offer at most one picture and one sound."),
    "no-common-codec": (422, "Offer H.264 (or VP8 to send) and Opus."),
    "too-many-peers": (503, "No more peers fit into this room now."),
    "unavailable": (503, "WebRTC is being restarted; try again."),
}


class Credentials(NamedTuple):
    """Everything a request shows: a bearer token (grant or stream key), a grant's cookie, ``?grant=``.

    client: the address it comes from, for limits on failures.
    """

    bearer: str | None
    cookie: str | None
    query: str | None
    client: str


class Authorise(Protocol):
    """source: ``views/{id}`` or ``languages/{tag}`` to publish, None to watch.

    Returns the role of the grant, None for a stream key. Raises Refused: ``unauthenticated``, ``forbidden``
    (also for a room that does not exist), ``not-found`` (only to those who may know).
    """

    def __call__(self, credentials: Credentials, room: str, source: str | None) -> Role | None: ...


class Rooms(Protocol):
    """The room layer. Resource ids must not be guessable. Answers are SDP with all candidates.

    Both raise Refused with one of the codes in `PROBLEMS`.
    """

    async def publish(self, room: str, source: str, sdp: str, takeover: bool) -> tuple[str, str]:
        """(resource id, answer)"""
        ...

    async def watch(
        self, room: str, view: str | None, language: str | None, sdp: str, role: Role | None
    ) -> tuple[str, str]:
        """(resource id, answer); None means the first view, and the floor."""
        ...

    async def end(self, room: str, resource: str) -> bool:
        """End what `publish` or `watch` opened in this room; False if there is no such resource."""
        ...


Handler = Callable[[Request], Awaitable[Response]]


class Signalling:
    """origins: web origins that browsers may come from, with credentials (CORS)."""

    def __init__(self, rooms: Rooms, authorise: Authorise, origins: Collection[str]) -> None:
        self._rooms = rooms
        self._authorise = authorise
        self._origins = frozenset(origins)

    def routes(self) -> list[Route]:
        """For a Starlette application, or a router inside one."""
        opening: list[tuple[str, Handler]] = [
            ("/rooms/{room}/views/{view}/whip", self._publish_view),
            ("/rooms/{room}/languages/{tag}/whip", self._publish_language),
            ("/rooms/{room}/whep", self._watch),
        ]
        every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return [
            route
            for path, handler in opening
            for route in (
                Route(path, self._guarded(handler, "POST"), methods=every),
                Route(path + "/{resource}", self._guarded(self._end, "DELETE"), methods=every),
            )
        ]

    def _guarded(self, handler: Handler, method: str) -> Handler:
        """CORS, preflights, wrong methods and problem documents around a handler of one method."""

        async def guarded(request: Request) -> Response:
            if request.method == "OPTIONS":
                response = _options(method)
            elif request.method != method:
                response = _problem("method", {"Allow": f"{method}, OPTIONS"})
            else:
                try:
                    response = await handler(request)
                except Refused as error:
                    response = self._refused(request, error)
                except ClientDisconnect:
                    response = Response(status_code=400)
            self._allow_origin(request, response)
            return response

        return guarded

    def _refused(self, request: Request, error: Refused) -> Response:
        known = error.code if error.code in PROBLEMS else "unavailable"
        # The path of a resource is a secret, and the room's name is in the path parameters.
        _log.info("signalling_refused", code=error.code, **_names(request))
        return _problem(known)

    def _allow_origin(self, request: Request, response: Response) -> None:
        response.headers["Vary"] = "Origin"
        origin = request.headers.get("origin")
        if origin in self._origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = "Location, ETag"

    async def _publish_view(self, request: Request) -> Response:
        return await self._publish(request, "views", request.path_params["view"], _NAME)

    async def _publish_language(self, request: Request) -> Response:
        return await self._publish(request, "languages", request.path_params["tag"], _TAG)

    async def _publish(self, request: Request, kind: str, name: str, shape: re.Pattern[str]) -> Response:
        room, source = request.path_params["room"], f"{kind}/{name}"
        self._authorise(_credentials(request), room, source)
        if not _NAME.fullmatch(room) or not shape.fullmatch(name):
            raise Refused("not-found")
        takeover = request.query_params.get("takeover") == "1"
        resource, answer = await self._rooms.publish(room, source, await _offer(request), takeover)
        return _created(request, resource, answer)

    async def _watch(self, request: Request) -> Response:
        room = request.path_params["room"]
        role = self._authorise(_credentials(request), room, None)
        view, language = request.query_params.get("view"), request.query_params.get("language")
        if not _NAME.fullmatch(room) or (view is not None and not _NAME.fullmatch(view)):
            raise Refused("not-found")
        if language is not None and not _TAG.fullmatch(language):
            raise Refused("not-found")
        resource, answer = await self._rooms.watch(room, view, language, await _offer(request), role)
        return _created(request, resource, answer)

    async def _end(self, request: Request) -> Response:
        if not await self._rooms.end(request.path_params["room"], request.path_params["resource"]):
            raise Refused("not-found")
        return Response(status_code=200)


def _credentials(request: Request) -> Credentials:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return Credentials(
        bearer=token.strip() if scheme.lower() == "bearer" and token.strip() else None,
        cookie=request.cookies.get(COOKIE),
        query=request.query_params.get("grant"),
        client=request.client.host if request.client else "",
    )


async def _offer(request: Request) -> str:
    """The body, if it is an offer's. Raises Refused: ``media-type``, ``too-large``, ``bad-sdp``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != SDP:
        raise Refused("media-type")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_OFFER:
            raise Refused("too-large")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Refused("bad-sdp") from error
    if not text.startswith("v=0"):
        raise Refused("bad-sdp")
    return text


def _created(request: Request, resource: str, answer: str) -> Response:
    """201 (RFC 9725, 4.2): Location is the resource, ETag names its ICE session."""
    tag = hashlib.sha256(answer.encode()).hexdigest()[:16]
    headers = {
        "Location": f"{request.url.path}/{resource}",
        "ETag": f'"{tag}"',
        "Cache-Control": "no-store",
    }
    return Response(answer, status_code=201, media_type=SDP, headers=headers)


def _options(method: str) -> Response:
    headers = {
        "Allow": f"{method}, OPTIONS",
        "Access-Control-Allow-Methods": f"{method}, OPTIONS",
        "Access-Control-Allow-Headers": "authorization, content-type",
        "Access-Control-Max-Age": str(PREFLIGHT_AGE),
    }
    if method == "POST":
        headers["Accept-Post"] = SDP
    return Response(status_code=204, headers=headers)


def _problem(code: str, headers: Mapping[str, str] | None = None) -> Response:
    """An RFC 9457 problem document."""
    status, detail = PROBLEMS[code]
    more = dict(headers or {}) | {"Cache-Control": "no-store"}
    if status == 401:
        more["WWW-Authenticate"] = "Bearer"
    if status == 503:
        more["Retry-After"] = str(RETRY_AFTER)
    body = msgspec.json.encode({"type": "about:blank", "title": code, "status": status, "detail": detail})
    return Response(body, status, more, "application/problem+json")


def _names(request: Request) -> dict[str, str]:
    known = ("room", "view", "tag")
    return {name: str(value)[:64] for name, value in request.path_params.items() if name in known}
