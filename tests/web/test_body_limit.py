from collections.abc import Iterator
from typing import Any

from amphitheatre.web.asgi_types import Message
from amphitheatre.web.body_limit import BodyLimit


class Reader:
    """An application that takes the whole body, as Django does."""

    def __init__(self) -> None:
        self.taken = 0
        self.cut_off = False

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.cut_off = True
                return
            self.taken += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return


async def ask(reader: Reader, pieces: int, declared: bytes | None = None, more: int = 0) -> int | None:
    """Status of a request with so many pieces of 10 bytes, limit 100; None when there was no answer."""
    statuses: list[int] = []

    def body() -> Iterator[Message]:
        for number in range(pieces):
            yield {"type": "http.request", "body": b"x" * 10, "more_body": number + 1 < pieces}

    coming = body()

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        if "status" in message:
            statuses.append(message["status"])

    headers = [] if declared is None else [(b"content-length", declared)]
    await BodyLimit(reader, limit=100, more=lambda _: more)(
        {"type": "http", "headers": headers}, receive, send
    )
    return statuses[0] if statuses else None


async def test_a_body_of_the_limit_passes_whole() -> None:
    reader = Reader()
    assert await ask(reader, 10, b"100") == 200
    assert reader.taken == 100


async def test_a_body_that_says_it_is_larger_is_refused_unread() -> None:
    reader = Reader()
    assert await ask(reader, 11, b"110") == 413
    assert reader.taken == 0


async def test_a_body_that_says_nothing_is_cut_off_where_it_becomes_too_large() -> None:
    reader = Reader()
    assert await ask(reader, 1000) is None
    assert reader.cut_off
    assert reader.taken == 100


async def test_a_pass_lets_more_in_and_no_more_than_that() -> None:
    reader = Reader()
    assert await ask(reader, 20, b"200", more=200) == 200
    assert reader.taken == 200
    assert await ask(Reader(), 21, b"210", more=200) == 413


async def test_what_does_not_say_its_size_has_no_pass() -> None:
    reader = Reader()
    assert await ask(reader, 20, more=200) is None
    assert reader.taken == 100
