"""No request body may fill the disk: Django writes it to a temporary file before any view is asked."""

from typing import Final

from amphitheatre.web.asgi_types import Application, Message, Receive, Send

LIMIT: Final = 4 * 2**20  # bytes; above DATA_UPLOAD_MAX_MEMORY_SIZE, so that forms get Django's own page
REFUSED: Final = b"The request is too large.\n"


class BodyLimit:
    """An ASGI application around another: 413 for what says that it is too large (RFC 9110, 15.5.14).

    A body that doesn't say so is cut off where it becomes too large, as if its sender had gone.
    """

    def __init__(self, application: Application, limit: int = LIMIT) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _declared(scope) > self._limit:
            await send(
                {
                    "type": "http.response.start",
                    "status": 413,
                    "headers": [(b"content-type", b"text/plain"), (b"connection", b"close")],
                }
            )
            await send({"type": "http.response.body", "body": REFUSED})
            return
        await self._application(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return message if taken <= self._limit else {"type": "http.disconnect"}

        return counted


def _declared(scope: Message) -> int:
    """What Content-Length says, bytes; 0 where it is missing or no number (the server refuses the latter)."""
    found = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(found) if found.isdigit() else 0
