"""What the load generator can do on one core, against a server that does nothing: it must not be the limit.

Needed for 1,200 viewers of 0.2 s parts at 1.5 Mbit/s: 12,000 requests/s and 225 MB/s.
"""

import asyncio
import json
import sys
from typing import Any

from bench.processes import ask_generator

NEEDED_REQUESTS = 12_000  # a second
NEEDED_MEGABYTES = 250  # a second


async def measure(seconds: float = 5.0, viewers: int = 200) -> dict[str, Any]:
    """Requests and megabytes a second of the generator on core 1, the server on core 0."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.trivial_server", "0",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        port = int(await server.stdout.readline())
        found = await ask_generator(
            {
                "host": "127.0.0.1", "port": port, "path": "/media.m3u8", "headers": [""],
                "viewers": viewers, "settle": 0.5, "seconds": seconds, "core": 1,
            }
        )  # fmt: skip
    finally:
        if server.stdin is not None:
            server.stdin.close()
        await server.wait()
    requests, megabytes = found["requests_per_second"], found["megabytes_per_second"]
    return {
        "requests_per_second": requests,
        "megabytes_per_second": megabytes,
        "generator_core": found["generator_core"],
        "errors": found["errors"],
        "enough": requests >= NEEDED_REQUESTS and megabytes >= NEEDED_MEGABYTES,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure()), indent=2))
