"""Hostile senders: what real encoders sent, hurt by chance, and what no encoder would send, again and again."""

import asyncio
import contextlib
import random
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from amphitheatre.camera import flv
from tests.media.ingest.mutation import mutated
from tests.media.ingest.publisher import PLAIN, chunked, ffmpeg
from tests.media.integration.encodings import Encoding
from tests.media.origin import Origin, key, plan
from tests.media.rtc.browser import Browser, Hum, Numbered

ROOMS = ("rtmp", "srt", "whip")  # what is attacked
_PAUSE = 0.25  # seconds between two attempts of one attacker: the machine has others to serve
_PATIENCE = 5.0  # seconds for one attempt
_HANDSHAKE = 1 + 2 * 1536  # bytes
_COMMAND = 20  # RTMP message type
_VALUES = (
    b"\x02\xff\xff",  # a text that is longer than the message
    b"\x0c\xff\xff\xff\xff",  # the same, long
    b"\x0a\xff\xff\xff\xff",  # an array of four milliards
    b"\x03\x00\x01a" * 5000,  # objects in objects
    b"\x08\xff\xff\xff\xff\x00\x01a\x05",
    b"\x07\x00\x00",  # a reference to what is not there
    b"\x00\x7f\xf0\x00\x00\x00\x00\x00\x00",  # infinity
    b"\x03\x00\x00\x09",
    b"\x0b\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00",
    b"\x11\x0a\x0b\x01",
)


class Attackers:
    """attempts: how many of each kind were made."""

    def __init__(self, origin: Origin, folder: Path, seed: int) -> None:
        self.origin, self.folder = origin, folder
        self.attempts: Counter[str] = Counter()
        self._dice = random.Random(seed)

    async def run(self, seconds: float) -> None:
        """All of them at once, for so long."""
        for room in ROOMS:
            await self.origin.put(plan(room))
        push, offer = await self._recorded_push(), await _offer()
        await Encoding((*PLAIN, "-ar", "48000"), container="mpegts").make(self.folder / "stream")
        stream = (self.folder / "stream").read_bytes()[:400_000]
        srt = (await self.origin.push("srt", "srt"))["url"]
        attacks: dict[str, Callable[[], Awaitable[object]]] = {
            "mutated RTMP": lambda: self._rtmp(mutated(push, self._dice)),
            "hostile AMF": lambda: self._rtmp(push[:_HANDSHAKE] + self._commands()),
            "datagrams": lambda: self._datagrams(urlsplit(srt).port or 0),
            "mutated MPEG-TS": lambda: self._call(srt, self._hurt(stream)),
            "rubbish by SRT": lambda: self._call(srt, self._dice.randbytes(100_000)),
            "mutated SDP": lambda: self._whip(mutated(offer, self._dice)),
        }
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for name, attack in attacks.items():
                group.create_task(self._again_and_again(name, attack, until))

    async def _again_and_again(
        self, name: str, attack: Callable[[], Awaitable[object]], until: float
    ) -> None:
        while time.monotonic() < until:
            with contextlib.suppress(TimeoutError, OSError, httpx.HTTPError):  # it may end as it likes
                async with asyncio.timeout(_PATIENCE):
                    await attack()
            self.attempts[name] += 1
            await asyncio.sleep(_PAUSE)

    def _hurt(self, stream: bytes) -> bytes:
        """Damage every few packets."""
        pieces = [stream[at : at + 20_000] for at in range(0, len(stream), 20_000)]
        return b"".join(
            mutated(piece, self._dice) if self._dice.random() < 0.5 else piece for piece in pieces
        )

    def _commands(self) -> bytes:
        """`connect`, `createStream`, `publish` and others with values that nobody should believe."""
        names = ("connect", "createStream", "publish", "@setDataFrame", "", "x" * 60_000)
        bodies = [
            flv.amf(self._dice.choice(names)) + flv.amf(self._dice.random()) + self._dice.choice(_VALUES)
            for _ in range(20)
        ]
        return b"".join(
            chunked(self._dice.choice((_COMMAND, 17, 18, 1)), 0, body, channel=3) for body in bodies
        )

    async def _rtmp(self, data: bytes) -> None:
        """Say it at once, listen to what comes back, and hang up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.origin.rtmp_port)
        try:
            writer.write(data)
            await writer.drain()
            async with asyncio.timeout(1.0):
                while await reader.read(65_536):
                    pass
        finally:
            writer.close()

    async def _datagrams(self, port: int) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _ in range(20):
                head = self._dice.choice(
                    (b"", b"\x80\0\0\0" + bytes(16) + b"\0\0\0\x05" + bytes(12) + b"\0\0\0\x01")
                )
                sock.sendto(head + self._dice.randbytes(self._dice.randint(0, 1400)), ("127.0.0.1", port))

    async def _call(self, address: str, data: bytes) -> None:
        """A caller that knows the passphrase."""
        path = self.folder / f"call-{self._dice.getrandbits(32)}"
        path.write_bytes(data)
        caller = ffmpeg("-f", "data", "-i", str(path), "-map", "0", "-c", "copy", "-f", "data", address)
        try:
            while caller.poll() is None:
                await asyncio.sleep(0.05)
        finally:
            caller.kill()
            caller.wait()
            path.unlink()

    async def _whip(self, offer: bytes) -> None:
        url = f"{self.origin.url}/rooms/whip/views/main/whip?takeover=1"
        headers = {"Authorization": f"Bearer {key('whip', 'main')}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE) as client:
            await client.post(url, content=offer, headers=headers)

    async def _recorded_push(self) -> bytes:
        """Every byte that ffmpeg says to the origin in a push of a second, takeover asked for."""
        said = bytearray()

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            theirs, ours = await asyncio.open_connection("127.0.0.1", self.origin.rtmp_port)
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, ours, said))
                group.create_task(_copy(theirs, writer, bytearray()))

        async with await asyncio.start_server(pass_on, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            address = f"rtmp://127.0.0.1:{port}/live/{key('rtmp', 'main')}?takeover=1"
            encoder = ffmpeg("-re", *PLAIN, "-t", "1", "-f", "flv", address)
            assert await asyncio.to_thread(encoder.wait, 30) == 0
        return bytes(said)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: bytearray) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            seen += data
            writer.write(data)
            await writer.drain()
    writer.close()


async def _offer() -> bytes:
    async with Browser() as browser:
        return (await browser.publish(Numbered(), Hum())).encode()
