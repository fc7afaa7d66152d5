"""What the demo adds to a house: its accounts, its cameras, and where the newcomer pushes to."""

import asyncio
from typing import Any, Final

import msgspec

from amphitheatre.cli import rooms as rooms_verb
from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.manage import manage
from amphitheatre.cli.origin import rooms
from amphitheatre.cli.supervisor import Program, verb
from amphitheatre.media.config import MediaConfig

YOURS: Final = "yours"
OPERATION: Final = "operation"
PATIENCE: Final = 20.0  # seconds until web has told media its rooms
PAUSE: Final = 0.1  # seconds
FORGOTTEN: Final = "a new one: .venv/bin/python -m amphitheatre.web.manage changepassword EMAIL"


class Account(msgspec.Struct, frozen=True):
    """An account that has just been made, with the password that is kept nowhere else."""

    role: str
    email: str
    password: str


class Seeded(msgspec.Struct, frozen=True):
    """What `manage seed_demo` prints; nothing where the accounts are there already."""

    accounts: list[Account] = []


async def seed() -> list[Account]:
    """Make the demo's course, rooms and accounts where they are not there yet. Returns the new accounts."""
    printed = await manage("seed_demo")
    try:
        return msgspec.json.decode(printed or "{}", type=Seeded).accounts
    except msgspec.MsgspecError as e:
        raise CommandError(f"`manage seed_demo` printed what is no list of accounts: {e}") from e


async def wait_for_rooms(config: MediaConfig) -> dict[str, dict[str, Any]]:
    """The demo's rooms as media knows them, by id. Raises CommandError when web does not tell them in time."""
    wanted = {YOURS, OPERATION}
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                found = {room["id"]: room for room in await asyncio.to_thread(rooms, config)}
                if wanted <= found.keys():
                    return found
                await asyncio.sleep(PAUSE)
    except TimeoutError as e:
        raise CommandError(
            f"web has not told media the demo's rooms after {PATIENCE:.0f} s: see {config.data / 'log' / 'web.log'}"
        ) from e


def cameras(config: MediaConfig) -> Program:
    """The demo's own cameras. Their keys go by a file that only we may read, never by the process list."""
    keys = config.data / "keys" / "demo-cameras.json"
    return verb("camera", "demo", "--rtmp-port", str(config.rtmp_port), "--keys-json", str(keys))


def account_lines(accounts: list[Account]) -> list[str]:
    if not accounts:
        return [f"The demo's accounts are as before; {FORGOTTEN}"]
    role = max(len(account.role) for account in accounts)
    email = max(len(account.email) for account in accounts)
    return [
        f"The demo's accounts (passwords are shown this once; {FORGOTTEN}):",
        *(f"  {a.role:<{role}}  {a.email:<{email}}  {a.password}" for a in accounts),
    ]


def push_lines(found: dict[str, dict[str, Any]]) -> list[str]:
    views = found[YOURS]["views"]
    return [
        "Your own camera or encoder, in the room `yours`:",
        *(line for view in views for line in rooms_verb.push_lines(view["push"], indent="  ")),
    ]
