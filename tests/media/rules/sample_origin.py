"""An origin over the sample stream, as an ASGI application; `spoil` breaks what a test wants broken."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from . import sample_stream as stream

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_BEGAN = 400  # parts published before the test begins


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    kind: str = "video/mp4"


class SampleOrigin:
    """Publishes a part every 0.133 s. spoil gets (path, query, answer) and gives the answer to send."""

    def __init__(self, spoil: Callable[[str, dict[str, str], Answer], Answer] | None = None) -> None:
        self._zero = time.monotonic()
        self._spoil = spoil or (lambda _path, _query, answer: answer)
        self.blocks = True
        self.gzips = True

    @property
    def parts(self) -> int:
        return _BEGAN + int((time.monotonic() - self._zero) / stream.PART_SECONDS)

    async def _wait_for(self, parts: int) -> None:
        while self.blocks and self.parts < parts:
            due = self._zero + (parts - _BEGAN) * stream.PART_SECONDS
            await asyncio.sleep(max(0.001, due - time.monotonic()))

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        answer = self._spoil(scope["path"], query, await self._answer(scope["path"], query))
        headers = [(b"content-type", answer.kind.encode())]
        body = answer.body
        if self.gzips and answer.kind.endswith("mpegurl"):
            body = gzip.compress(body)
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, path: str, query: dict[str, str]) -> Answer:
        if path == "/main.m3u8":
            return Answer(200, stream.multivariant().encode(), "application/vnd.apple.mpegurl")
        _, rendition, name = path.split("/")
        if name == "media.m3u8":
            return await self._playlist(rendition, query)
        if name == "init.mp4":
            return Answer(200, stream.initialisation(rendition))
        numbers = [int(piece) for piece in name.split(".")[:-1]]
        if len(numbers) == 1:
            return Answer(200, stream.segment(rendition, numbers[0]))
        number = numbers[0] * stream.PARTS + numbers[1]
        await self._wait_for(number + 1)
        return Answer(200, stream.part(rendition, number))

    async def _playlist(self, rendition: str, query: dict[str, str]) -> Answer:
        msn, part = query.get("_HLS_msn"), query.get("_HLS_part")
        refused = Answer(400, b"", "application/problem+json")
        if (part is not None and msn is None) or not (msn or "0").isdigit():
            return refused
        if msn is not None:
            wanted = int(msn) * stream.PARTS + (stream.PARTS - 1 if part is None else int(part)) + 1
            if wanted > self.parts + 3 * stream.PARTS + 8:
                return refused
            await self._wait_for(wanted)
        text = stream.media(rendition, self.parts, skip=query.get("_HLS_skip") == "YES")
        return Answer(200, text.encode(), "application/vnd.apple.mpegurl")
