"""Waiting until a process of ours answers."""

import asyncio
import http.client
from typing import Final
from urllib.parse import urlsplit

from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.supervisor import Keeper

PATIENCE: Final = 60.0  # seconds
PAUSE: Final = 0.05  # seconds between two questions
TRIES: Final = 4  # starts after which the program is given up
TAIL: Final = 12  # lines of its log that are shown


async def wait_until_ready(keeper: Keeper, address: str, patience: float = PATIENCE) -> None:
    """Ask address until it answers below 400. Raises CommandError with the end of the program's log."""
    try:
        async with asyncio.timeout(patience):
            while not await asyncio.to_thread(answers, address):
                if keeper.starts >= TRIES:
                    raise CommandError(_epitaph(keeper, f"keeps failing ({keeper.starts} starts)"))
                await asyncio.sleep(PAUSE)
    except TimeoutError as e:
        raise CommandError(_epitaph(keeper, f"does not answer at {address} after {patience:.0f} s")) from e


def answers(address: str) -> bool:
    """Whether the server there is able to serve: anything below 400 counts, so a redirect to sign-in does too."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _epitaph(keeper: Keeper, what: str) -> str:
    lines = "".join(f"\n    {line}" for line in keeper.log.tail(TAIL))
    return f"{keeper.program.name} {what}; its log {keeper.log.path} ends with:{lines}"
