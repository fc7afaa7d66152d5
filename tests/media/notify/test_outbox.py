"""Events on their way to a web that answers, is away, or understands nothing."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from amphitheatre.contract.event import EventKind
from amphitheatre.media.notify import outbox as module
from amphitheatre.media.notify.outbox import Outbox


class Web:
    """Answers with what is in `answers`, then with 204, and remembers what it was told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.port = 0
        self.awake = asyncio.Event()
        self.awake.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                self.headers.append(headers)
                self.told.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
                await self.awake.wait()
                status = self.answers.pop(0) if self.answers else 204
                writer.write(b"HTTP/1.1 %d x\r\ncontent-length: 0\r\n\r\n" % status)
        writer.close()

    @property
    def rooms(self) -> list[str]:
        return [event["room"] for event in self.told]


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    web = Web()
    async with await asyncio.start_server(web.serve, "127.0.0.1", 0) as server:
        web.port = server.sockets[0].getsockname()[1]
        yield web


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.004)


@pytest.fixture
async def outbox(web: Web, tmp_path: Path, pauses: None) -> AsyncIterator[Outbox]:
    token = tmp_path / "event.token"
    token.write_text("secret\n")
    outbox = Outbox(f"http://127.0.0.1:{web.port}/media-events/", token)
    running = asyncio.create_task(outbox.run())
    yield outbox
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def tell(outbox: Outbox, room: str) -> None:
    outbox.tell(EventKind.SOURCE_LIVE, room, "views/main", {"protocol": "srt"})


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.001)


async def test_an_event_is_told_whole_with_the_shared_secret(outbox: Outbox, web: Web) -> None:
    tell(outbox, "theatre")
    await until(lambda: bool(web.told))
    (event,) = web.told
    assert len(event.pop("id")) == 24
    assert event.pop("at").endswith("Z")
    assert event == {
        "kind": "source.live", "room": "theatre", "source": "views/main", "detail": {"protocol": "srt"},
    }  # fmt: skip
    assert web.headers[0]["authorization"] == "bearer secret"


async def test_events_come_in_order_each_once(outbox: Outbox, web: Web) -> None:
    for k in range(20):
        tell(outbox, f"room-{k}")
    await until(lambda: len(web.told) >= 20)
    assert web.rooms == [f"room-{k}" for k in range(20)]
    assert len({event["id"] for event in web.told}) == 20


@pytest.mark.parametrize("status", [500, 503, 401, 404])
async def test_what_web_could_not_take_is_told_again_before_the_next(
    outbox: Outbox, web: Web, status: int
) -> None:
    web.answers = [status, status]
    tell(outbox, "first")
    tell(outbox, "second")
    await until(lambda: "second" in web.rooms)
    assert web.rooms == ["first", "first", "first", "second"]
    assert len({event["id"] for event in web.told[:3]}) == 1


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_what_web_will_never_understand_holds_up_nothing(outbox: Outbox, web: Web, status: int) -> None:
    web.answers = [status]
    tell(outbox, "first")
    tell(outbox, "second")
    await until(lambda: "second" in web.rooms)
    assert web.rooms == ["first", "second"]


async def test_events_wait_for_a_web_that_is_away(web: Web, tmp_path: Path, pauses: None) -> None:
    token = tmp_path / "event.token"  # web makes it at its first start
    outbox = Outbox(f"http://127.0.0.1:{web.port}/", token)
    with capture_logs() as logs:
        running = asyncio.create_task(outbox.run())
        tell(outbox, "early")
        await until(lambda: bool(logs))
    assert logs[0]["event"] == "outbox.web_away"
    assert web.told == []
    token.write_text("secret")
    await until(lambda: web.rooms == ["early"])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_full_outbox_drops_the_oldest_and_counts(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: None
) -> None:
    monkeypatch.setattr(module, "_LIMIT", 3)
    token = tmp_path / "event.token"
    token.write_text("secret")
    outbox = Outbox(f"http://127.0.0.1:{web.port}/", token)
    for k in range(5):
        tell(outbox, f"room-{k}")
    assert outbox.dropped == 2
    running = asyncio.create_task(outbox.run())
    await until(lambda: len(web.told) == 3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert web.rooms == ["room-2", "room-3", "room-4"]


async def test_one_dropped_while_it_is_being_told_takes_no_other_with_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: None
) -> None:
    monkeypatch.setattr(module, "_LIMIT", 2)
    token = tmp_path / "event.token"
    token.write_text("secret")
    outbox = Outbox(f"http://127.0.0.1:{web.port}/", token)
    web.awake.clear()
    running = asyncio.create_task(outbox.run())
    tell(outbox, "a")
    tell(outbox, "b")
    await until(lambda: web.rooms == ["a"])
    tell(outbox, "c")  # the outbox is full, and "a" is on its way
    web.awake.set()
    await until(lambda: "c" in web.rooms)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert web.rooms == ["a", "b", "c"]
