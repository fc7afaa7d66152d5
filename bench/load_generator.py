"""Many viewers in one process: each follows a blocking playlist and fetches each part at once.

    python -m bench.load_generator < wish.json > figures.json

Built for speed, so that it is not what is measured: uvloop, one buffer for all, headers read by `find`,
bodies counted and thrown away. What a viewer sends is what hls.js sends: a blocking reload with
``_HLS_skip=YES``, then the part. `generator_check.py` shows what it can do.
"""

import asyncio
import json
import os
import resource
import sys
import time
from array import array
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import cast

import uvloop

from bench.timeline import Place, Timeline

_BUFFER = 1 << 20
_HEAD = 4096  # bytes; more is no answer of a media server
_CONNECT_AT_ONCE = 50
_TAIL = 2.0  # seconds


@dataclass(frozen=True)
class Wish:
    """host and port of the server; path of the media playlist; a header block a viewer, reused in turn.

    settle and seconds: how long the viewers run before and while they are measured. core: to be pinned to.
    """

    host: str
    port: int
    path: str
    headers: list[str]
    viewers: int
    settle: float
    seconds: float
    core: int | None = None


@dataclass
class Figures:
    """Seconds. in_time: share of parts complete within one part's duration of its first announcement to anybody.

    A part that should have come and did not counts as not in time.
    """

    viewers: int
    parts_expected: int
    parts_fetched: int
    in_time: float
    fetch_p50: float
    fetch_p99: float
    delay_p50: float
    delay_p99: float
    requests_per_second: float
    megabytes_per_second: float
    errors: dict[str, int]
    generator_core: float


@dataclass
class Crowd:
    """What all viewers share."""

    timeline: Timeline
    buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(_BUFFER)))
    edge: Place = (0, 0)
    announced: dict[Place, float] = field(default_factory=dict)
    lines: dict[Place, tuple[bytes, bytes]] = field(default_factory=dict)
    firsts: "array[float]" = field(default_factory=lambda: array("d"))
    fetches: "array[float]" = field(default_factory=lambda: array("d"))
    delays: "array[float]" = field(default_factory=lambda: array("d"))
    requests: int = 0
    size: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    measuring: bool = False
    over: bool = False

    def request_lines(self, place: Place) -> tuple[bytes, bytes]:
        found = self.lines.get(place)
        if found is None:
            found = (self.timeline.playlist_line(place), self.timeline.part_line(place))
            self.lines[place] = found
            if len(self.lines) > 500:
                self.lines.pop(next(iter(self.lines)))
        return found

    def announce(self, place: Place, now: float) -> float:
        """The moment a part was first announced to anybody."""
        first = self.announced.get(place)
        if first is None:
            self.announced[place] = first = now
            self.edge = max(self.edge, self.timeline.after(place))
        return first

    def fail(self, why: str) -> None:
        if not self.over:
            self.errors[why] = self.errors.get(why, 0) + 1


class Viewer(asyncio.BufferedProtocol):
    """One connection, one request at a time."""

    def __init__(self, crowd: Crowd, head: bytes) -> None:
        self.crowd = crowd
        self.head = head  # header block with the empty line that ends it
        self.transport: asyncio.Transport | None = None
        self.place = crowd.edge
        self.left = 0  # bytes of the body still to come
        self.carry = b""
        self.wants_part = False
        self.asked = 0.0
        self.first = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own does not derive from it
        self.place = self.crowd.edge
        self.transport.write(self.crowd.request_lines(self.place)[0] + self.head)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.crowd.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.crowd.size += nbytes
        if self.left > nbytes:
            self.left -= nbytes
        elif self.left:
            self.left = 0
            self.complete()
        else:
            self.begin(nbytes)

    def begin(self, nbytes: int) -> None:
        """The head of an answer, and what of its body came along."""
        data = self.carry + bytes(self.crowd.buffer[: min(nbytes, _HEAD)])
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.carry = data
            if len(data) >= _HEAD:
                self.fail("no head")
            return
        if data[9:12] != b"200":
            self.fail(data[9:12].decode("latin-1"))
            return
        head = data[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            self.fail("no content-length")
            return
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        self.left = length - (len(self.carry) + nbytes - end - 4)
        self.carry = b""
        if self.left <= 0:
            self.left = 0
            self.complete()

    def complete(self) -> None:
        crowd, now = self.crowd, time.perf_counter()
        crowd.requests += 1
        assert self.transport is not None
        if self.wants_part:
            if crowd.measuring:
                crowd.firsts.append(self.first)
                crowd.fetches.append(now - self.asked)
                crowd.delays.append(now - self.first)
            self.wants_part = False
            self.place = crowd.timeline.after(self.place)
            line = crowd.request_lines(self.place)[0]
        else:
            self.wants_part = True
            self.first = crowd.announce(self.place, now)
            self.asked = now
            line = crowd.request_lines(self.place)[1]
        self.transport.write(line + self.head)

    def fail(self, why: str) -> None:
        self.crowd.fail(why)
        if self.transport is not None:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.fail("connection lost")


async def run(wish: Wish) -> Figures:
    """Raises OSError when the server can't be reached, NoLowLatencyError when there are no parts."""
    loop = asyncio.get_running_loop()
    heads = [f"Host: {wish.host}:{wish.port}\r\n{block}\r\n".encode() for block in wish.headers]
    timeline = Timeline.read(wish.path, await _fetch(wish, heads[0]))
    crowd = Crowd(timeline, edge=timeline.edge)
    transports: list[asyncio.BaseTransport] = []
    for first in range(0, wish.viewers, _CONNECT_AT_ONCE):
        group = range(first, min(first + _CONNECT_AT_ONCE, wish.viewers))
        made = [
            loop.create_connection(partial(Viewer, crowd, heads[i % len(heads)]), wish.host, wish.port)
            for i in group
        ]
        transports += [transport for transport, _ in await asyncio.gather(*made)]
        await asyncio.sleep(timeline.part_target / 4)
    await asyncio.sleep(wish.settle)
    crowd.measuring, crowd.requests, crowd.size = True, 0, 0
    began, used = time.perf_counter(), _core_seconds()
    await asyncio.sleep(wish.seconds)
    ended, used = time.perf_counter(), _core_seconds() - used
    rates = (crowd.requests / (ended - began), crowd.size / (ended - began) / 1e6, used / (ended - began))
    await asyncio.sleep(_TAIL)  # the last parts of the window are still on their way
    crowd.over = True
    for transport in transports:
        transport.close()
    return _figures(wish, crowd, (began, ended), rates)


def _figures(
    wish: Wish, crowd: Crowd, window: tuple[float, float], rates: tuple[float, float, float]
) -> Figures:
    """Over the parts that were announced within the window, whenever they arrived."""
    expected = wish.viewers * sum(window[0] <= first < window[1] for first in crowd.announced.values())
    inside = [i for i, first in enumerate(crowd.firsts) if window[0] <= first < window[1]]
    fetches = sorted(crowd.fetches[i] for i in inside)
    delays = sorted(crowd.delays[i] for i in inside)
    in_time = sum(delay <= crowd.timeline.part_target for delay in delays)
    return Figures(
        viewers=wish.viewers,
        parts_expected=expected,
        parts_fetched=len(inside),
        in_time=round(in_time / max(1, expected), 5),
        fetch_p50=_at(fetches, 0.5),
        fetch_p99=_at(fetches, 0.99),
        delay_p50=_at(delays, 0.5),
        delay_p99=_at(delays, 0.99),
        requests_per_second=round(rates[0]),
        megabytes_per_second=round(rates[1], 1),
        errors=dict(crowd.errors),
        generator_core=round(rates[2], 3),
    )


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 5) if ordered else float("nan")


def _core_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def _fetch(wish: Wish, head: bytes) -> str:
    """The playlist as it is now, over a connection of its own."""
    reader, writer = await asyncio.open_connection(wish.host, wish.port)
    writer.write(f"GET {wish.path} HTTP/1.1\r\n".encode() + head)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    writer.close()
    if answer[9:12] != b"200":
        raise OSError(f"the playlist is answered with {answer[9:12].decode('latin-1')}")
    return body.decode()


def main() -> None:
    wish = Wish(**json.load(sys.stdin))
    if wish.core is not None:
        os.sched_setaffinity(0, {wish.core})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(json.dumps(asdict(uvloop.run(run(wish)))))


if __name__ == "__main__":
    main()
