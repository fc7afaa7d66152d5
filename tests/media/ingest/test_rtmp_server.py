"""The RTMP door: who gets in, who doesn't, and that nobody can keep it busy."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog

from amphitheatre.media.errors import Refused
from amphitheatre.media.ingest import amf0
from amphitheatre.media.ingest.rtmp_chunks import AUDIO, COMMAND, DATA, VIDEO, ChunkReader, message
from amphitheatre.media.ingest.rtmp_dialogue import Wish, wish
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.ingest.rtmp_server import Admission, RtmpServer
from amphitheatre.media.unit import FlvTag
from tests.media.ingest.publisher import KEY


class Room:
    """Admits KEY, reads whom it is given. ends: why each of them has ended."""

    def __init__(self) -> None:
        self.asked: list[tuple[bool, str]] = []
        self.given: asyncio.Queue[RtmpPublisher] = asyncio.Queue()
        self.tags: asyncio.Queue[FlvTag] = asyncio.Queue()
        self.ends: asyncio.Queue[str] = asyncio.Queue()

    async def on_publish(self, key: str, takeover: bool, peer: str) -> Admission:
        self.asked.append((takeover, peer))
        if key != KEY:
            raise Refused("unknown-key")
        return self.read

    async def read(self, publisher: RtmpPublisher) -> None:
        self.given.put_nowait(publisher)
        self.ends.put_nowait(await publisher.read(self.tags.put_nowait))


@asynccontextmanager
async def door(**limits: float) -> AsyncIterator[tuple[RtmpServer, Room]]:
    """As it is, but with more patience than a test has: what is shown out is so for another reason."""
    room = Room()
    limits = {"patience": 60.0} | limits
    async with RtmpServer(room.on_publish, **limits).serving("127.0.0.1", 0) as server:  # type: ignore[arg-type]
        yield server, room


class Encoder:
    """Speaks RTMP as far as a test wants."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.chunks = ChunkReader()
        self.codes: list[str] = []

    @classmethod
    async def call(cls, port: int) -> "Encoder":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def shake_hands(self) -> None:
        self.writer.write(b"\x03" + bytes(1536))
        answer = await self.reader.readexactly(1 + 2 * 1536)
        assert answer[0] == 3
        assert answer[1 + 1536 :] == bytes(1536)
        self.writer.write(answer[1 : 1 + 1536])

    def say(self, *values: amf0.Value) -> None:
        self.writer.write(message(COMMAND, amf0.encode(*values), channel=3, chunk_size=128))

    def publish(self, name: str, app: str = "live") -> None:
        """As ffmpeg does, without waiting for the answers in between."""
        self.say("connect", 1.0, {"app": app, "tcUrl": "rtmp://127.0.0.1/live"})
        self.say("releaseStream", 2.0, None, name)
        self.say("FCPublish", 3.0, None, name)
        self.say("createStream", 4.0, None)
        self.say("publish", 5.0, None, name, "live")

    async def answers(self) -> list[list[amf0.Value]]:
        """Commands that the server has sent until `onStatus`, or until it hangs up."""
        heard: list[list[amf0.Value]] = []
        while not heard or heard[-1][0] != "onStatus":
            data = await self.reader.read(65_536)
            if not data:
                return heard
            self.chunks.push(data)
            heard += [amf0.decode(m.body) for m in iter(self.chunks.pop, None) if m.kind == COMMAND]
        return heard

    async def gone(self) -> bool:
        try:
            async with asyncio.timeout(30):
                while await self.reader.read(65_536):
                    pass
        except ConnectionResetError:
            pass  # this, too, is gone
        return True


def _code(status: list[amf0.Value]) -> amf0.Value:
    info = status[3]
    assert isinstance(info, dict)
    return info["code"]


async def test_a_publisher_with_its_key_is_read_from_the_bytes_it_sent_ahead_to_its_end() -> None:
    async with door() as (server, room):
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
        encoder.publish(KEY + "?takeover=1")
        encoder.writer.write(message(AUDIO, b"ahead", channel=4, chunk_size=128))
        heard = await encoder.answers()
        assert [values[0] for values in heard] == ["_result"] * 4 + ["onStatus"]
        assert _code(heard[-1]) == "NetStream.Publish.Start"
        info = heard[0][2]
        assert isinstance(info, dict)
        assert info["fourCcList"] == ["avc1", "hvc1"]
        assert room.asked == [(True, "127.0.0.1")]
        large = bytes(100_000)  # more than a publisher may say before it is let in
        encoder.writer.write(message(VIDEO, large, channel=4, chunk_size=128))
        assert [(await room.tags.get()).body for _ in range(2)] == [b"ahead", large]
        encoder.writer.close()
        assert await room.ends.get() == "closed"


async def test_closing_the_door_ends_those_who_are_in() -> None:
    async with door() as (server, room):
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
        encoder.publish(KEY)
        await room.given.get()
    assert await encoder.gone()
    encoder.writer.close()


async def test_those_who_are_in_take_no_place_at_the_door() -> None:
    async with door(limit=1) as (server, room):
        for _ in range(3):
            encoder = await Encoder.call(server.port)
            await encoder.shake_hands()
            encoder.publish(KEY)
            await room.given.get()
            encoder.writer.close()


async def test_a_wrong_key_is_refused_and_logged_without_the_key() -> None:
    with structlog.testing.capture_logs() as logs:
        async with door() as (server, room):
            encoder = await Encoder.call(server.port)
            await encoder.shake_hands()
            encoder.publish("not-the-key-of-any-view")
            assert _code((await encoder.answers())[-1]) == "NetStream.Publish.BadName"
            assert await encoder.gone()
            encoder.writer.close()
            assert room.given.empty()
            assert server.refused == 1
    assert [line["reason"] for line in logs if line["event"] == "rtmp.refused"] == ["unknown-key"]
    assert "not-the-key" not in repr(logs)


@pytest.mark.parametrize(
    "talk", [b"GET / HTTP/1.1\r\n\r\n" + bytes(1600), b"\x03" + bytes(3072) + b"\xc9" * 500]
)
async def test_other_protocols_are_shown_out(talk: bytes) -> None:
    async with door() as (server, room):
        encoder = await Encoder.call(server.port)
        encoder.writer.write(talk)
        assert await encoder.gone()
        assert room.asked == []
        encoder.writer.close()


async def test_endless_talk_before_publish_is_cut_off() -> None:
    async with door() as (server, _):
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
        for _ in range(20):
            encoder.writer.write(message(DATA, bytes(30_000), channel=4, chunk_size=128))
        assert await encoder.gone()
        encoder.writer.close()


async def test_a_player_is_shown_out() -> None:
    async with door() as (server, _):
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
        encoder.say("connect", 1.0, {"app": "live"})
        encoder.say("play", 5.0, None, KEY)
        assert await encoder.gone()
        encoder.writer.close()


async def test_who_comes_to_a_full_door_is_shown_out_at_once() -> None:
    async with door(limit=2) as (server, _):
        waiting = [await Encoder.call(server.port) for _ in range(2)]
        third = await Encoder.call(server.port)
        assert await third.gone()
        for one in (*waiting, third):
            one.writer.close()


async def test_the_silent_are_shown_out_and_make_room_for_others() -> None:
    async with door(limit=2, patience=0.3) as (server, room):
        silent = [await Encoder.call(server.port) for _ in range(2)]
        for one in silent:
            assert await one.gone()
        server._patience = 60.0
        patient = await Encoder.call(server.port)
        await patient.shake_hands()
        patient.publish(KEY)
        assert _code((await patient.answers())[-1]) == "NetStream.Publish.Start"
        await room.given.get()
        for one in (*silent, patient):
            one.writer.close()


async def test_closing_the_door_ends_those_who_wait_at_it() -> None:
    async with door() as (server, _):
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
    assert await encoder.gone()
    encoder.writer.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


async def test_a_publisher_that_leaves_while_the_room_decides_does_no_harm() -> None:
    deciding, decided, room = asyncio.Event(), asyncio.Event(), Room()

    async def slow(key: str, takeover: bool, peer: str) -> Admission:
        deciding.set()
        await decided.wait()
        return await room.on_publish(key, takeover, peer)

    async with RtmpServer(slow).serving("127.0.0.1", 0) as server:
        encoder = await Encoder.call(server.port)
        await encoder.shake_hands()
        encoder.publish(KEY)
        await deciding.wait()
        linger = struct.pack("ii", 1, 0)  # leave with a reset
        encoder.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        encoder.writer.close()
        decided.set()
        again = await Encoder.call(server.port)
        await again.shake_hands()
        again.publish(KEY)
        assert _code((await again.answers())[-1]) == "NetStream.Publish.Start"
        again.writer.close()


@pytest.mark.parametrize(
    ("app", "name", "expected"),
    [
        ("live", KEY, Wish(KEY, False)),
        ("live", f"{KEY}?takeover=1", Wish(KEY, True)),
        ("live", f"{KEY}?takeover=0", Wish(KEY, False)),
        (f"live/{KEY}", None, Wish(KEY, False)),
        (f"live/{KEY}/", "", Wish(KEY, False)),
        ("anything?takeover=1", KEY, Wish(KEY, True)),
        ("live", f"live/{KEY}", Wish(KEY, False)),
    ],
)
def test_where_encoders_put_the_key(app: str, name: str | None, expected: Wish) -> None:
    assert wish(app, name) == expected


@pytest.mark.parametrize("name", ["", "../../etc/passwd%00", "k" * 80, "a key", None])
def test_what_can_be_no_key(name: str | None) -> None:
    with pytest.raises(Refused, match="bad-key"):
        wish("", name)
