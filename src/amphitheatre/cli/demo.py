"""What the demo adds to a house: its accounts, its cameras, and where the newcomer pushes to."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec

from amphitheatre.cli import rooms as rooms_verb
from amphitheatre.cli.errand import manage, run_errand
from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.origin import rooms
from amphitheatre.cli.supervisor import Program, verb
from amphitheatre.media.config import MediaConfig

YOURS: Final = "yours"
OPERATION: Final = "operation"
PATIENCE: Final = 20.0  # seconds until web has told media its rooms
PAUSE: Final = 0.1  # seconds
FORGOTTEN: Final = "a new one: .venv/bin/python -m amphitheatre.web.manage changepassword EMAIL"

Room = dict[str, Any]  # as `amphitheatre rooms --json` prints it


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


async def draw(show: Callable[[str], None]) -> None:
    """Draw the operation's pictures and speak its voices; takes a while at the first start only."""
    await run_errand("drawing the demo", verb("camera", "prepare").command, show)


async def wait_for_rooms(config: MediaConfig) -> dict[str, Room]:
    """The demo's rooms as media knows them, by id. Raises CommandError when web does not tell them in time."""
    found = await _rooms_when(config, lambda rooms: {YOURS, OPERATION} <= rooms.keys())
    if found is None:
        log = config.data / "log" / "web.log"
        raise CommandError(f"web has not told media the demo's rooms after {PATIENCE:.0f} s: see {log}")
    return found


async def wait_until_live(config: MediaConfig) -> bool:
    """Whether the operation is on air by now."""
    return await _rooms_when(config, lambda rooms: rooms[OPERATION]["state"] == "live") is not None


async def _rooms_when(
    config: MediaConfig, condition: Callable[[dict[str, Room]], bool]
) -> dict[str, Room] | None:
    """The rooms once they fulfil the condition, None when they do not within PATIENCE."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        found = {room["id"]: room for room in await asyncio.to_thread(rooms, config)}
        if condition(found):
            return found
        await asyncio.sleep(PAUSE)
    return None


def cameras(config: MediaConfig) -> Program:
    """The demo's own cameras. Their keys go by a file that only we may read, never by the process list."""
    keys = config.data / "keys" / "demo-cameras.json"
    address = f"rtmp://{config.reached_at}:{config.rtmp_port}/live"
    return verb("camera", "demo", "--rtmp", address, "--keys-json", str(keys))


def account_lines(accounts: list[Account]) -> list[str]:
    if not accounts:
        return [f"The demo's accounts are as before; {FORGOTTEN}"]
    role = max(len(account.role) for account in accounts)
    email = max(len(account.email) for account in accounts)
    return [
        f"The demo's accounts (passwords are shown this once; {FORGOTTEN}):",
        *(f"  {a.role:<{role}}  {a.email:<{email}}  {a.password}" for a in accounts),
    ]


def push_lines(found: dict[str, Room]) -> list[str]:
    views = found[YOURS]["views"]
    return [
        "Your own camera or encoder, in the room `yours`:",
        *(line for view in views for line in rooms_verb.push_lines(view["push"], indent="  ")),
    ]
