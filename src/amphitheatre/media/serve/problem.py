"""Answers: ordinary ones in one call, and problem documents (RFC 9457)."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final

import msgspec
from starlette.responses import Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

NO_STORE: Final = (b"cache-control", b"no-store")

_TITLES: Final = {
    400: "The request can't be understood.",
    401: "A grant is needed.",
    403: "This grant does not open that.",
    404: "There is nothing here.",
    405: "That can't be done here.",
    409: "Somebody is already on air there.",
    413: "That is too large.",
    415: "That kind of content is not taken here.",
    416: "That range does not exist.",
    422: "The content can't be understood.",
    429: "Too many failed attempts; wait a minute.",
    503: "Not available just now; try again shortly.",
}


class Problem(Exception):
    """An answer that is an error. detail must not tell what the asker may not know."""

    def __init__(self, status: int, detail: str = "", headers: Headers = ()) -> None:
        super().__init__(f"{status} {detail}")
        self.status = status
        self.detail = detail
        self.headers = headers

    def body(self) -> bytes:
        document = {"type": "about:blank", "title": _TITLES[self.status], "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        return msgspec.json.encode(document)

    def response(self) -> Response:
        """For Starlette's routes."""
        headers = {name.decode(): value.decode() for name, value in self.headers}
        return Response(self.body(), self.status, headers, "application/problem+json")


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """One whole response; content-length is added."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def answer_problem(send: Send, problem: Problem, headers: Headers = ()) -> None:
    kind = (b"content-type", b"application/problem+json")
    await answer(send, problem.status, [kind, NO_STORE, *headers, *problem.headers], problem.body())


def header(scope: Scope, wanted: bytes) -> bytes | None:
    """The first header of that (lower-case) name."""
    return next((value for name, value in scope["headers"] if name == wanted), None)
