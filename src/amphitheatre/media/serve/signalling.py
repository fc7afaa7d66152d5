"""WHIP (RFC 9725) and WHEP over HTTP: an SDP offer in, an answer and the resource's address out.

No trickle ICE and no restart: answers hold all candidates, so PATCH is 405 (RFC 9725, 4.3) and no Accept-Patch
is promised. STUN and TURN servers for the client stand in Link headers (4.6) of the 201, and of an OPTIONS that
shows a right to enter: a browser wants them before its offer. A resource's address holds a secret that only its
owner was told; to know it is the right to end it.

A publisher whose process is killed hears nothing of it for seconds: ICE has no goodbye, and a GET of the resource is
kept for later versions of WHIP (4.2). So each WHIP resource has an address beside it, ``…/{resource}/life``, that is
answered with 204 after a while, and as soon as the resource is gone with 404, or 409 when somebody has taken over.

Whoever may not enter learns nothing about the room, not even
whether there is one. Cross-origin headers are added around this (`cors`).
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, NamedTuple, Protocol

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from amphitheatre.contract.grant import COOKIE, Role
from amphitheatre.media.config import IceServer
from amphitheatre.media.errors import Refused

_log = structlog.get_logger(__name__)

SDP: Final = "application/sdp"
MAX_OFFER: Final = 64 * 1024  # bytes
LIFE_HELD: Final = 20.0  # seconds, less than a proxy's patience
RETRY_AFTER: Final = {429: 60, 503: 5}  # seconds, by status
PREFLIGHT_AGE: Final = 600  # seconds
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
_ACCEPTS: Final = re.compile(r"\*/\*|application/(?:\*|sdp)(?![\w.+-])", re.IGNORECASE)
_SOURCE: Final = re.compile(f"views/{_NAME.pattern}|languages/{_TAG.pattern}")

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
    "not-acceptable": (406, f"The answer is {SDP}: accept it."),
    "too-large": (413, f"An offer has at most {MAX_OFFER} bytes."),
    "media-type": (415, f"Send the offer as {SDP}."),
    "bad-sdp": (400, "The offer can't be understood."),
    "no-media": (422, "The offer has no picture or sound in the direction that this address is for."),
    "too-many-tracks": (422, "Offer at most one picture and one sound."),
    "no-common-codec": (422, "Offer H.264 (or VP8 to send) and Opus."),
    "too-many-failures": (429, "Too many failed attempts; wait a minute."),
    "no-candidates": (503, "No UDP port is left for another peer now."),
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

    async def lives(self, room: str, resource: str, within: float) -> bool:
        """Whether what `publish` opened still lives, told after so many seconds or as soon as it has ended.

        Raises Refused(``already-live``) when somebody has taken over.
        """
        ...


Handler = Callable[[Request], Awaitable[Response]]


class Signalling:
    """ice_servers: told to clients that may enter."""

    def __init__(self, rooms: Rooms, authorise: Authorise, ice_servers: Iterable[IceServer] = ()) -> None:
        self._rooms = rooms
        self._authorise = authorise
        self._links = [link for server in ice_servers for link in _links(server)]

    def routes(self) -> list[Route]:
        """For a Starlette application, or a router inside one."""
        opening: list[tuple[str, Handler]] = [
            ("/rooms/{room}/views/{view}/whip", self._publish),
            ("/rooms/{room}/languages/{tag}/whip", self._publish),
            ("/rooms/{room}/whep", self._watch),
        ]
        every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        return [
            route
            for path, handler in opening
            for route in (
                Route(path, self._guarded(handler, "POST"), methods=every),
                Route(path + "/{resource}", self._guarded(self._end, "DELETE"), methods=every),
                Route(path + "/{resource}/life", self._guarded(self._life, "GET"), methods=every),
            )
        ]

    def _guarded(self, handler: Handler, method: str) -> Handler:
        """Preflights, wrong methods and problem documents around a handler of one method."""

        async def guarded(request: Request) -> Response:
            if request.method == "OPTIONS":
                return self._options(request, method)
            if request.method != method:
                return _problem("method", {"Allow": f"{method}, OPTIONS"})
            try:
                return await handler(request)
            except Refused as error:
                return _refused(request, error)
            except ClientDisconnect:
                return Response(status_code=400)

        return guarded

    def _options(self, request: Request, method: str) -> Response:
        headers = {
            "Allow": f"{method}, OPTIONS",
            "Access-Control-Allow-Methods": f"{method}, OPTIONS",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": str(PREFLIGHT_AGE),
        }
        if method == "POST":
            headers["Accept-Post"] = SDP
        response = Response(status_code=204, headers=headers)
        # A preflight shows nothing, and its answer is cached (RFC 9725, 4.6).
        if self._links and method == "POST" and "access-control-request-method" not in request.headers:
            try:
                self._authorise(_credentials(request), request.path_params["room"], _source(request))
            except Refused as error:
                return _refused(request, error)
            self._tell_ice_servers(response)
        return response

    def _tell_ice_servers(self, response: Response) -> None:
        for link in self._links:
            response.headers.append("Link", link)
        response.headers["Cache-Control"] = "no-store"

    async def _publish(self, request: Request) -> Response:
        room, source = request.path_params["room"], _source(request) or ""
        self._authorise(_credentials(request), room, source)
        if not _NAME.fullmatch(room) or not _SOURCE.fullmatch(source):
            raise Refused("not-found")
        takeover = request.query_params.get("takeover") == "1"
        resource, answer = await self._rooms.publish(room, source, await _offer(request), takeover)
        return self._created(request, resource, answer)

    async def _watch(self, request: Request) -> Response:
        room = request.path_params["room"]
        role = self._authorise(_credentials(request), room, None)
        view, language = request.query_params.get("view"), request.query_params.get("language")
        if not _NAME.fullmatch(room) or (view is not None and not _NAME.fullmatch(view)):
            raise Refused("not-found")
        if language is not None and not _TAG.fullmatch(language):
            raise Refused("not-found")
        resource, answer = await self._rooms.watch(room, view, language, await _offer(request), role)
        return self._created(request, resource, answer)

    def _created(self, request: Request, resource: str, answer: str) -> Response:
        """201 (RFC 9725, 4.2): Location is the resource, ETag names its ICE session."""
        tag = hashlib.sha256(answer.encode()).hexdigest()[:16]
        headers = {
            "Location": f"{request.url.path}/{resource}",
            "ETag": f'"{tag}"',
            "Cache-Control": "no-store",
        }
        response = Response(answer, status_code=201, media_type=SDP, headers=headers)
        self._tell_ice_servers(response)
        return response

    async def _end(self, request: Request) -> Response:
        if not await self._rooms.end(request.path_params["room"], request.path_params["resource"]):
            raise Refused("not-found")
        return Response(status_code=200)

    async def _life(self, request: Request) -> Response:
        names = request.path_params
        if not await self._rooms.lives(names["room"], names["resource"], LIFE_HELD):
            raise Refused("not-found")
        return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _credentials(request: Request) -> Credentials:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return Credentials(
        bearer=token.strip() if scheme.lower() == "bearer" and token.strip() else None,
        cookie=request.cookies.get(COOKIE),
        query=request.query_params.get("grant"),
        client=request.client.host if request.client else "",
    )


async def _offer(request: Request) -> str:
    """The body, if it is an offer's. Raises Refused: ``not-acceptable``, ``media-type``, ``too-large``, ``bad-sdp``."""
    if not _ACCEPTS.search(request.headers.get("accept") or SDP):
        raise Refused("not-acceptable")
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


def _refused(request: Request, error: Refused) -> Response:
    # The path of a resource is a secret, and the room's name is in the path parameters.
    _log.info("signalling_refused", code=error.code, **_names(request))
    return _problem(error.code if error.code in PROBLEMS else "unavailable")


def _source(request: Request) -> str | None:
    """What the address is for: ``views/{id}`` or ``languages/{tag}``; None to watch."""
    names = request.path_params
    return (
        f"views/{names['view']}"
        if "view" in names
        else f"languages/{names['tag']}"
        if "tag" in names
        else None
    )


def _links(server: IceServer) -> list[str]:
    """As Link headers (RFC 9725, 4.6)."""
    secret = ""
    if server.username:
        user, credential = (_quoted(text) for text in (server.username, server.credential))
        secret = f'; username={user}; credential={credential}; credential-type="password"'
    return [f'<{url}>; rel="ice-server"{secret}' for url in server.addresses]


def _quoted(text: str) -> str:
    """A quoted-string (RFC 9110, 5.6.4)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _problem(code: str, headers: Mapping[str, str] | None = None) -> Response:
    """An RFC 9457 problem document."""
    status, detail = PROBLEMS[code]
    more = dict(headers or {}) | {"Cache-Control": "no-store"}
    if status == 401:
        more["WWW-Authenticate"] = "Bearer"
    if status in RETRY_AFTER:
        more["Retry-After"] = str(RETRY_AFTER[status])
    body = msgspec.json.encode({"type": "about:blank", "title": code, "status": status, "detail": detail})
    return Response(body, status, more, "application/problem+json")


def _names(request: Request) -> dict[str, str]:
    known = ("room", "view", "tag")
    return {name: str(value)[:64] for name, value in request.path_params.items() if name in known}
