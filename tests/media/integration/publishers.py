"""Who sends to the real origin: ffmpeg with a file, RTMP tags with stamps of our choice, aiortc."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import Popen

import httpx

from amphitheatre.camera.rtmp import RtmpPublisher
from tests.media.ingest.publisher import SentTag, ffmpeg
from tests.media.rtc.browser import Browser, Hum, Numbered

_CALL = 20_000  # milliseconds that an SRT caller waits for an answer; 3 s are too short on a busy machine
_END = 60.0  # seconds that ffmpeg may take to say goodbye


@contextlib.asynccontextmanager
async def ffmpeg_sends(
    path: Path, container: str, address: str, *options: str
) -> AsyncIterator[Popen[bytes]]:
    """The file as it is, in real time, over and over, while the block runs."""
    if address.startswith("srt:"):
        address += f"&connect_timeout={_CALL}"
    process = ffmpeg(
        "-re", "-stream_loop", "-1", "-i", str(path), "-c", "copy", *options, "-f", container, address
    )
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, _END)


@contextlib.asynccontextmanager
async def ffmpeg_calls_again(path: Path, container: str, address: str) -> AsyncIterator[None]:
    """As `ffmpeg_sends`, by an encoder that calls again as soon as it is cut off."""

    async def call() -> None:
        while True:
            async with ffmpeg_sends(path, container, address) as process:
                while process.poll() is None:
                    await asyncio.sleep(0.02)

    calling = asyncio.create_task(call())
    try:
        yield
    finally:
        calling.cancel()
        await asyncio.wait([calling])


@contextlib.asynccontextmanager
async def tags_sent(address: str, tags: Iterable[SentTag]) -> AsyncIterator[None]:
    """Each tag when it is due by its arrival, whatever its stamp says, while the block runs."""
    stop = threading.Event()
    sender = asyncio.create_task(asyncio.to_thread(_send_tags, address, tags, stop))
    try:
        yield
    finally:
        stop.set()
        await sender


def _send_tags(address: str, tags: Iterable[SentTag], stop: threading.Event) -> None:
    publisher = RtmpPublisher(address)
    try:
        began = time.monotonic()
        for tag in tags:
            if stop.wait(max(0.0, began + tag.arrival - 100 - time.monotonic())):
                return
            publisher.send(tag.kind, tag.stamp, tag.body)
        stop.wait()
    finally:
        publisher.close()


@contextlib.asynccontextmanager
async def whip(url: str, bearer: str, codec: str = "video/h264") -> AsyncIterator[httpx.Response]:
    """A browser's camera and microphone while the block runs; the origin's answer."""
    async with Browser() as browser:
        offer = await browser.publish(Numbered(), Hum(), codec=codec)
        headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/sdp"}
        async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client:
            answer = await client.post(url, content=offer, headers=headers)
        if answer.is_success:
            await browser.accept(answer.text)
        yield answer


@contextlib.contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """Serves a folder; its address."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
