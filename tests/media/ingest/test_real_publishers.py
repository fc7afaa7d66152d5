"""ffmpeg pushing in real time: RTMP through the door into the reader, SRT with the right and the wrong passphrase."""

import asyncio
import select
import socket

import pytest
import structlog

from amphitheatre.media import clock
from amphitheatre.media.errors import Refused
from amphitheatre.media.ingest.rtmp_publisher import RtmpPublisher
from amphitheatre.media.ingest.rtmp_server import Admission, RtmpServer
from amphitheatre.media.ingest.rtmp_source import RtmpSource
from amphitheatre.media.ingest.srt import SrtSource
from amphitheatre.media.ingest.srt_carrier import SrtCarrier
from amphitheatre.media.ingest.srt_listener import SrtListener, is_handshake
from amphitheatre.media.room.sent_tags import SentTags
from amphitheatre.media.unit import Lost
from tests.media.ingest.publisher import AAC, BARS, KEY, PLAIN, TONE, Received, ffmpeg, taken

_SECONDS = 4
_AT_ONCE = 2  # encoders that keep real time on a busy machine
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p")
_B_FRAMES = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")
_PUSHED = {
    "plain": PLAIN,
    "hevc": (*BARS, *TONE, *_HEVC, *AAC),
    "b-frames": (*BARS, *TONE, *_B_FRAMES, *AAC, "-ar", "44100"),
    "4.7 hours on air": (*PLAIN, "-output_ts_offset", str(0xFFFFFF / 1000 - 2)),
}


async def _pushed() -> dict[str, Received]:
    """All variants through one door."""
    received: dict[str, Received] = {}
    async with asyncio.TaskGroup() as group:

        async def on_publish(key: str, _takeover: bool, _peer: str) -> Admission:
            name = list(_PUSHED)[int(key[-1])]

            async def read(publisher: RtmpPublisher) -> None:
                tags = SentTags()
                decoding = group.create_task(asyncio.to_thread(taken, RtmpSource(tags), clock.start()))
                tags.put(Lost(await publisher.read(tags.put)))
                received[name] = await decoding

            return read

        async with RtmpServer(on_publish).serving("127.0.0.1", 0) as server:
            variants = list(enumerate(_PUSHED.values()))
            for first in range(0, len(variants), _AT_ONCE):
                encoders = []
                for number, arguments in variants[first : first + _AT_ONCE]:
                    address = f"rtmp://127.0.0.1:{server.port}/live/{KEY[:-1]}{number}"
                    options = ("-t", str(_SECONDS), "-f", "flv", "-rtmp_enhanced_codecs", "hvc1", address)
                    encoders.append(ffmpeg("-re", *arguments, *options))
                for encoder in encoders:
                    await asyncio.to_thread(encoder.wait, 60)
    return received


@pytest.fixture(scope="module")
def pushed() -> dict[str, Received]:
    return asyncio.run(_pushed())


@pytest.mark.parametrize("name", _PUSHED)
def test_rtmp_from_ffmpeg(pushed: dict[str, Received], name: str) -> None:
    received = pushed[name]
    assert received.end in ("ended", "closed", "reset")
    assert len(received.pictures) >= _SECONDS * 30 - 8
    assert received.formats == {"yuv420p"}
    assert received.seconds_of_sound > _SECONDS - 1
    # Nothing is held back: in peace it is 2 ms, and 170 ms with B-frames. Of the quickest tenth: how much longer the
    # others take is the machine's doing.
    settled = sorted(received.late[60:])
    assert settled[len(settled) // 10] < 0.3
    assert received.report is not None
    assert received.report.mended == 0
    assert received.report.codec == ("hevc" if name == "hevc" else "h264")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(port: int, passphrase: str, seconds: int = 3) -> list[str]:
    """It waits for an answer for as long as a busy machine may need."""
    secret = f"&passphrase={passphrase}" if passphrase else ""
    address = f"srt://127.0.0.1:{port}?connect_timeout=20000{secret}"  # milliseconds
    return ["-re", *PLAIN, "-t", str(seconds), "-f", "mpegts", address]


async def test_srt_from_ffmpeg_through_the_door() -> None:
    """The caller that wakes us by its first packet is the one we hear."""
    port = _free_port()
    waiting = asyncio.create_task(SrtListener("127.0.0.1", port).caller())
    await asyncio.sleep(0)
    encoder = ffmpeg(*_call(port, KEY))
    assert await waiting == "127.0.0.1"
    async with SrtCarrier.listening("127.0.0.1", port, KEY) as carrier:
        assert await carrier.answered()
        received = await asyncio.to_thread(taken, SrtSource(carrier.sock.dup()), clock.start())
        await asyncio.to_thread(encoder.wait, 60)
    assert received.end == "closed"
    assert len(received.pictures) >= 60
    assert received.seconds_of_sound > 2
    assert received.report is not None
    assert (received.report.protocol, received.report.dropped) == ("srt", 0)


@pytest.mark.parametrize(
    ("secret", "code"), [("another-passphrase", "wrong-passphrase"), ("", "no-passphrase")]
)
async def test_a_caller_without_the_passphrase_is_refused_and_logged(secret: str, code: str) -> None:
    port = _free_port()
    with structlog.testing.capture_logs() as logs:
        async with SrtCarrier.listening("127.0.0.1", port, KEY, wait=60.0) as carrier:
            encoder = ffmpeg(*_call(port, secret, 1))
            assert await asyncio.to_thread(encoder.wait, 60) != 0
            async with asyncio.timeout(30):
                while {"event": "srt.refused", "reason": code, "log_level": "warning"} not in logs:
                    await asyncio.sleep(0.01)
            carrier.hang_up()
            assert not await carrier.answered()
    assert KEY not in repr(logs)


async def test_no_caller_at_all() -> None:
    async with SrtCarrier.listening("127.0.0.1", _free_port(), KEY, wait=0.3) as carrier:
        assert not await carrier.answered()
    assert carrier.gone


async def test_hanging_up_ends_the_wait_for_a_caller() -> None:
    async with SrtCarrier.listening("127.0.0.1", _free_port(), KEY, wait=60) as carrier:
        carrier.hang_up()
        async with asyncio.timeout(30):
            assert not await carrier.answered()


async def test_a_second_reader_goes_on_where_the_first_has_stopped() -> None:
    """A process that dies leaves the socket to the next one, in the middle of a packet of the transport stream."""
    port = _free_port()
    async with SrtCarrier.listening("127.0.0.1", port, KEY) as carrier:
        encoder = ffmpeg(*_call(port, KEY, 5))
        try:
            assert await carrier.answered()
            assert len(await asyncio.to_thread(_read, carrier.sock, 100_001)) >= 100_001
            source = SrtSource(carrier.sock.dup(), silence=10.0)
            received = await asyncio.to_thread(taken, source, clock.start())
            assert received.end in ("closed", "silent")
            assert len(received.pictures) > 60
        finally:
            encoder.kill()
            await asyncio.to_thread(encoder.wait)


def _read(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        select.select([sock], [], [], 30)
        data += sock.recv(count - len(data))
    return data


def _induction() -> bytes:
    """A caller's first packet (draft-sharabayko-srt-01, figure 6)."""
    head = bytes.fromhex("80000000 00000000 00000000 00000000")
    return head + bytes.fromhex("00000004 0000 0002 12345678 000005dc 00002000 00000001") + bytes(24)


def test_what_looks_like_a_caller() -> None:
    assert is_handshake(_induction())
    assert not is_handshake(_induction()[:40])
    assert not is_handshake(b"\0" * 64)
    assert not is_handshake(b"GET / HTTP/1.1\r\n" * 5)


async def test_the_srt_door_ignores_strangers_and_slows_down_after_failures() -> None:
    port = _free_port()
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:

        async def let_in(listener: SrtListener) -> float:
            """Seconds until it has heard a caller."""
            begin = loop.time()
            waiting = asyncio.create_task(listener.caller())
            while not waiting.done():  # nobody is at the door at first, so both are sent again and again
                caller.sendto(b"hello", ("127.0.0.1", port))
                caller.sendto(_induction(), ("127.0.0.1", port))
                await asyncio.wait([waiting], timeout=0.02)
            assert await waiting == "127.0.0.1"
            return loop.time() - begin

        assert await let_in(SrtListener("127.0.0.1", port, pause=60.0)) < 30
        slowed = SrtListener("127.0.0.1", port, pause=0.2)
        slowed.got_nowhere()
        assert await let_in(slowed) >= 0.2
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", port))  # it is free for the source's process


async def test_closing_the_srt_door_while_it_waits() -> None:
    port = _free_port()
    waiting = asyncio.create_task(SrtListener("127.0.0.1", port).caller())
    await asyncio.wait([waiting], timeout=0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", port))


async def test_a_wrong_key_makes_ffmpeg_give_up() -> None:
    async def nobody(_key: str, _takeover: bool, _peer: str) -> Admission:
        raise Refused("unknown-key")

    async with RtmpServer(nobody).serving("127.0.0.1", 0) as server:
        encoder = ffmpeg("-re", *PLAIN, "-t", "9", "-f", "flv", f"rtmp://127.0.0.1:{server.port}/live/{KEY}")
        assert await asyncio.to_thread(encoder.wait, 60) != 0
        assert server.refused == 1
