"""The least that a load generator can be tried against: answers at once, with bodies of the true size.

    python -m bench.trivial_server CORE     prints its port, ends when its standard input closes

A playlist request gets 1 kB, a part request 37.5 kB (0.2 s at 1.5 Mbit/s).
"""

import asyncio
import os
import sys
from typing import cast

import uvloop

PART = 37_500
_PLAYLIST = (
    (
        "#EXTM3U\n#EXT-X-PART-INF:PART-TARGET=0.2\n#EXT-X-MEDIA-SEQUENCE:0\n"
        + "".join(f'#EXT-X-PART:DURATION=0.2,URI="0.{i}.m4s"\n' for i in range(5))
        + '#EXTINF:1.0,\n0.m4s\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="1.0.m4s"\n'
    )
    .encode()
    .ljust(1000, b"\n")
)


def _answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body


_TEXT, _BYTES = _answer(_PLAYLIST), _answer(bytes(PART))


class Trivial(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own does not derive from it

    def data_received(self, data: bytes) -> None:
        self.transport.write(_TEXT if b".m3u8" in data[:200] else _BYTES)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Trivial, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    uvloop.run(serve())
