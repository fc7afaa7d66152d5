"""The counting viewers against a small origin that paces parts, drops some or delays them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

from bench.load_generator import Figures, Wish, run
from bench.timeline import NoLowLatencyError, Timeline

PARTS, SECONDS = 5, 0.2  # a busy machine may hold up an answer for a while, but hardly for a whole part
BODY = bytes(5000)


class PacedOrigin:
    """late: seconds by which each part's body is held back."""

    def __init__(self, late: float = 0.0, status: int = 200) -> None:
        self.late, self.status = late, status
        self.zero = time.monotonic()

    @property
    def parts(self) -> int:
        return 20 + int((time.monotonic() - self.zero) / SECONDS)

    def text(self) -> str:
        msn, part = divmod(self.parts, PARTS)
        rows = [f'#EXT-X-PART:DURATION={SECONDS},URI="{msn - 1}.{i}.m4s"' for i in range(PARTS)]
        rows += [f"#EXTINF:{PARTS * SECONDS},", f"{msn - 1}.m4s"]
        rows += [f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{msn}.{part}.m4s"']
        head = [f"#EXT-X-PART-INF:PART-TARGET={SECONDS}", f"#EXT-X-MEDIA-SEQUENCE:{msn - 1}"]
        return "\n".join(["#EXTM3U", *head, *rows, ""])

    async def answer(self, line: str) -> bytes:
        if "_HLS_msn" in line:
            pairs = dict(pair.split("=") for pair in line.split()[1].partition("?")[2].split("&"))
            wanted = int(pairs["_HLS_msn"]) * PARTS + int(pairs["_HLS_part"]) + 1
            while self.parts < wanted:
                await asyncio.sleep(SECONDS / 10)
        elif ".m4s" in line:
            await asyncio.sleep(self.late)
            return BODY
        return self.text().encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line = head.decode().splitlines()[0]
                body = await self.answer(line)
                status = self.status if ".m4s" in line else 200
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def _served(origin: PacedOrigin) -> AsyncIterator[int]:
    server = await asyncio.start_server(origin.serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _figures(origin: PacedOrigin) -> Figures:
    async with _served(origin) as port:
        return await run(Wish("127.0.0.1", port, "/x/media.m3u8", [""], 10, 0.2, 1.0))


async def test_parts_in_time_are_counted() -> None:
    figures = await _figures(PacedOrigin())
    assert figures.errors == {}
    assert figures.parts_expected == figures.parts_fetched >= figures.viewers
    assert figures.in_time > 0.5
    assert figures.fetch_p50 < SECONDS / 2


async def test_parts_that_come_too_late_are_not_in_time() -> None:
    figures = await _figures(PacedOrigin(late=1.2 * SECONDS))
    assert figures.parts_expected
    assert figures.in_time < 0.1
    assert figures.fetch_p50 >= 1.2 * SECONDS


async def test_refusals_are_counted() -> None:
    figures = await _figures(PacedOrigin(status=503))
    assert figures.errors["503"] == 10
    assert figures.parts_fetched == 0


def test_the_timeline_knows_what_comes_next() -> None:
    timeline = Timeline.read("http://x/a/media.m3u8", PacedOrigin().text())
    assert (timeline.edge, timeline.parts, timeline.part_target) == ((4, 0), 5, SECONDS)
    assert timeline.after((4, 3)) == (4, 4)
    assert timeline.after((4, 4)) == (5, 0)
    assert timeline.part_line((4, 2)) == b"GET /a/4.2.m4s HTTP/1.1\r\n"
    assert b"_HLS_msn=4&_HLS_part=2&_HLS_skip=YES" in timeline.playlist_line((4, 2))
    with pytest.raises(NoLowLatencyError):
        Timeline.read("/media.m3u8", "#EXTM3U\n")
