"""No request body may fill the disk: Django writes it to a temporary file before any view is asked."""

from collections.abc import Callable
from typing import Final

from amphitheatre.web.asgi_types import Application, Message, Receive, Send

LIMIT: Final = 4 * 2**20  # bytes; above DATA_UPLOAD_MAX_MEMORY_SIZE, so that forms get Django's own page
REFUSED: Final = b"The request is too large.\n"
# Of the refusal: styles, and nothing that runs.
POLICY: Final = b"default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


class BodyLimit:
    """An ASGI application around another: 413 for what says that it is too large (RFC 9110, 15.5.14).

    A body that doesn't say so is cut off where it becomes too large, as if its sender had gone. more: bytes that a
    request may have beyond everybody's, by what it carries; asked for large ones alone. page: what is said then, HTML.
    """

    def __init__(
        self,
        application: Application,
        limit: int = LIMIT,
        more: Callable[[Message], int] = lambda _: 0,
        page: Callable[[Message], bytes] = lambda _: REFUSED,
    ) -> None:
        self._application = application
        self._limit = limit
        self._more = more
        self._page = page

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        limit = self._limit
        if scope["type"] == "http" and _declared(scope) > limit:
            limit = max(limit, self._more(scope))
        if scope["type"] == "http" and _declared(scope) > limit:
            await send(
                {
                    "type": "http.response.start",
                    "status": 413,
                    "headers": [
                        (b"content-type", b"text/html; charset=utf-8"),
                        (b"content-security-policy", POLICY),
                        (b"connection", b"close"),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": self._page(scope)})
            return
        await self._application(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= limit else {"type": "http.disconnect"}

    return counted


def _declared(scope: Message) -> int:
    """What Content-Length says, bytes; 0 where it is missing or no number (the server refuses the latter)."""
    found = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(found) if found.isdigit() else 0
