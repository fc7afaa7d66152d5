import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest

from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.rtc import whip_source
from amphitheatre.media.rtc.gate import CodedFrame
from amphitheatre.media.rtc.whip_source import WhipSource
from tests.media.rtc.browser import Browser, Hum, Numbered, until


class Reader(threading.Thread):
    """Reads a source as a source's process does, until it ends."""

    def __init__(self, source: WhipSource, each: Callable[[CodedFrame], None] = lambda frame: None) -> None:
        super().__init__(daemon=True)
        self.frames: list[CodedFrame] = []
        self.reason: str | None = None
        self._source = source
        self._each = each

    def run(self) -> None:
        try:
            for frame in self._source.frames():
                self.frames.append(frame)
                self._each(frame)
        except SourceBroken as broken:
            self.reason = broken.code


async def opened(browser: Browser, *tracks: Numbered | Hum) -> WhipSource:
    source = await asyncio.to_thread(WhipSource, await browser.publish(*tracks))
    await browser.accept(source.answer)
    return source


async def test_frames_come_until_the_publisher_hangs_up() -> None:
    async with Browser() as browser:
        source = await opened(browser, Numbered(), Hum())
        reader = Reader(source)
        reader.start()
        await until(lambda: {"h264", "opus"} <= {frame.codec for frame in reader.frames})
        await browser.connection.close()
        await asyncio.to_thread(reader.join, 60)
        assert reader.reason == "hung-up"
        await asyncio.to_thread(source.close)


async def test_closed_while_waiting_for_a_frame() -> None:
    async with Browser() as browser:
        source = await opened(browser, Hum())
        reader = Reader(source)
        reader.start()
        await asyncio.to_thread(source.close)
        await asyncio.to_thread(reader.join, 60)
        assert reader.reason == "closed"
        source.close()


def count(frames: Sequence[CodedFrame]) -> float:
    return len(frames)


def span(frames: Sequence[CodedFrame]) -> float:
    return frames[-1].arrival - frames[0].arrival


@pytest.mark.parametrize(("bound", "value", "measure"), [("ROOM", 8, count), ("BEHIND", 0.2, span)])
async def test_a_reader_that_stops_costs_frames_and_no_memory(
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    value: float,
    measure: Callable[[Sequence[CodedFrame]], float],
) -> None:
    monkeypatch.setattr(whip_source, bound, value)
    go_on = threading.Event()
    async with Browser() as browser:
        source = await opened(browser, Numbered())
        reader = Reader(source, lambda frame: void(go_on.wait(60)))
        reader.start()
        await until(lambda: source.dropped > 5)
        assert measure(source._frames) <= value
        go_on.set()
        read = len(reader.frames)
        await until(lambda: len(reader.frames) > read + 12)
        resumed = next(n for n in range(1, len(reader.frames)) if gap_before(reader.frames, n))
        assert reader.frames[resumed].key, "after what was dropped it goes on with a key frame"
        await asyncio.to_thread(source.close)


async def test_a_bad_offer_is_refused_and_leaves_no_thread() -> None:
    before = threading.active_count()
    with pytest.raises(Refused, match="no-media"):
        await asyncio.to_thread(WhipSource, "v=0\r\n")
    assert not [thread for thread in threading.enumerate() if thread.name == "whip"]
    assert threading.active_count() <= before + 1  # the executor's own


def void(_: object) -> None:
    return


def gap_before(frames: list[CodedFrame], n: int) -> bool:
    return frames[n].timestamp - frames[n - 1].timestamp > 0.05
