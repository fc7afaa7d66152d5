"""An admitted publisher's connection: what ends it, what is answered, and that it can't keep the origin busy."""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from amphitheatre.media.ingest import amf0
from amphitheatre.media.ingest.rtmp_chunks import (
    ACKNOWLEDGEMENT,
    AUDIO,
    COMMAND,
    USER_CONTROL,
    VIDEO,
    ChunkReader,
    message,
)
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.unit import FlvTag
from tests.media.ingest.publisher import chunked


class Read:
    """A publisher that is being read. ours: its encoder's end."""

    def __init__(self, silence: float, early: bytes) -> None:
        self.ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        reader = ChunkReader()
        reader.push(early)
        self.tags: list[FlvTag] = []
        self.publisher = RtmpPublisher(self._theirs, reader, silence=silence)
        self.task = asyncio.create_task(self.publisher.read(self.tags.append))

    async def send(self, data: bytes) -> None:
        await asyncio.to_thread(self.ours.sendall, data)

    def close(self) -> None:
        self.task.cancel()
        self.ours.close()
        self._theirs.close()


@asynccontextmanager
async def reading(silence: float = 5.0, early: bytes = b"") -> AsyncIterator[Read]:
    with contextlib.closing(Read(silence, early)) as read:
        yield read


async def test_silence_is_noticed() -> None:
    async with reading(silence=0.2) as read:
        assert await read.task == "silent"


async def test_talk_without_media_is_silence() -> None:
    ping = message(USER_CONTROL, struct.pack(">HI", 6, 1), chunk_size=128)
    async with reading(silence=0.4) as read:
        while not read.task.done():
            with contextlib.suppress(OSError):  # it has been hung up on just now
                await read.send(ping)
            await asyncio.wait([read.task], timeout=0.05)
        assert await read.task == "silent"


async def test_one_that_hears_no_answers_is_given_up() -> None:
    """It pings and never reads: our answers fill the socket."""
    ping = message(USER_CONTROL, struct.pack(">HI", 6, 1), chunk_size=128)
    async with reading(silence=0.5) as read:
        sending = asyncio.create_task(read.send(ping * 100_000))
        assert await read.task == "silent"
        with contextlib.suppress(OSError):
            await sending


@pytest.mark.parametrize("farewell", ["deleteStream", "FCUnpublish"])
async def test_a_farewell_is_an_orderly_end(farewell: str) -> None:
    async with reading() as read:
        body = amf0.encode(farewell, 6.0, None, 1.0)
        await read.send(message(COMMAND, body, channel=3, chunk_size=128))
        assert await read.task == "ended"


async def test_hanging_up_ends_it() -> None:
    async with reading(silence=60) as read:
        await read.send(chunked(AUDIO, 0, b"\xaf\x01a"))
        while not read.tags:
            await asyncio.sleep(0)
        read.publisher.hang_up()
        assert read.publisher.gone
        async with asyncio.timeout(30):
            assert await read.task in ("closed", "reset")
        read.publisher.hang_up()


async def test_what_is_no_rtmp_ends_it() -> None:
    async with reading() as read:
        await read.send(b"\xc9" * 500)
        assert await read.task == "bad-chunk"
        assert await asyncio.to_thread(read.ours.recv, 10) == b""


async def test_pings_are_answered_and_bytes_acknowledged() -> None:
    async with reading() as read:
        await read.send(message(USER_CONTROL, struct.pack(">HI", 6, 77), chunk_size=128))
        await read.send(b"".join(chunked(AUDIO, n, b"\xaf\x01" + bytes(30_000)) for n in range(40)))
        read.ours.shutdown(socket.SHUT_WR)
        assert await read.task == "closed"
        assert len(read.tags) == 40
        chunks = ChunkReader()
        while data := read.ours.recv(4096):
            chunks.push(data)
    heard = {m.kind: m.body for m in iter(chunks.pop, None)}
    assert heard[USER_CONTROL] == struct.pack(">HI", 7, 77)
    assert struct.unpack(">I", heard[ACKNOWLEDGEMENT])[0] >= 1_000_000


async def test_tags_carry_their_stamp_and_the_moment_they_came_and_the_early_ones_count() -> None:
    before = time.monotonic()
    wire = chunked(VIDEO, 2**32 - 5, b"picture") + chunked(AUDIO, 40, b"sound")
    async with reading(early=wire[:20]) as read:
        await read.send(wire[20:])
        read.ours.shutdown(socket.SHUT_WR)
        await read.task
    assert [(tag.video, tag.stamp, tag.body) for tag in read.tags] == [
        (True, 2**32 - 5, b"picture"),
        (False, 40, b"sound"),
    ]
    assert before <= read.tags[0].arrived <= read.tags[1].arrived <= time.monotonic()


async def test_one_that_is_costly_to_read_leaves_the_event_loop_to_others() -> None:
    """Messages of one byte as fast as they go: a core's worth of them, of which it gets its share."""
    async with reading() as read:
        wire = b"".join(chunked(AUDIO, n, b"a") for n in range(200_000))
        sending = asyncio.create_task(read.send(wire))
        begun, spent = time.monotonic(), time.thread_time()
        turns = 0
        while time.thread_time() - spent < 0.5:  # of a processor's time, however little of it there is
            await asyncio.sleep(0.01)
            turns += 1
        assert 0 < len(read.tags) < 200_000
        # What the sender takes counts, too: it shares the thread.
        assert time.thread_time() - spent < 0.6 * (time.monotonic() - begun)
        assert turns > 30
        read.publisher.hang_up()
        with contextlib.suppress(OSError):
            await sending
