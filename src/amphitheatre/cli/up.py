"""Start the whole house: web and its worker, media and, with --demo, the demo course with its own cameras."""

import argparse
import asyncio
import signal
import time
from typing import Final

from amphitheatre.cli import configuration, data_folder, demo, house_lock, lifeline, ports
from amphitheatre.cli.errand import manage
from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.health import wait_until_ready
from amphitheatre.cli.supervisor import Supervisor, verb
from amphitheatre.media.config import MediaConfig

# A house that was killed leaves its processes for as long as their lifeline lets them end well.
PORT_PATIENCE: Final = lifeline.GRACE + 1.0
PORT_PAUSE: Final = 0.1  # seconds


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="with the demo course, its accounts and cameras")


def run(options: argparse.Namespace) -> int:
    config = configuration.load()
    data_folder.require(config.data)
    with house_lock.occupied(config.data) as left_in_haste:
        _require_ports(config, PORT_PATIENCE if left_in_haste else 0.0)
        _require_keys(config)
        asyncio.run(_until_signal(config, options.demo))
    return 0


async def _until_signal(config: MediaConfig, with_demo: bool) -> None:
    """Returns after SIGINT, SIGTERM or SIGHUP, when everything has ended; a second signal does not wait."""
    loop = asyncio.get_running_loop()
    house = loop.create_task(_live(config, with_demo))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, house.cancel)
    await asyncio.wait({house})
    if house.cancelled():
        _say("Stopped.")
    else:
        house.result()


async def _live(config: MediaConfig, with_demo: bool) -> None:
    async with Supervisor(config.data / "log", _say) as house:
        try:
            await _start(house, config, with_demo)
            await asyncio.Event().wait()
        finally:
            _say("Stopping …")


async def _start(house: Supervisor, config: MediaConfig, with_demo: bool) -> None:
    _say("Starting media and preparing the database …")
    media = house.start(verb("media"))
    accounts: list[demo.Account] = []
    try:
        async with (
            asyncio.TaskGroup() as group
        ):  # side by side: each is a process that needs a second of its own
            if with_demo:
                group.create_task(demo.draw(_say))
                accounts = await demo.seed()
            else:
                await manage("prepare")
            web = house.start(verb("web"))
            house.start(verb("worker"))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    await wait_until_ready(media, f"{configuration.media_address(config)}/readyz")
    await wait_until_ready(web, f"{configuration.web_address(config)}/")
    if with_demo:
        await _open_demo(house, config, accounts)
    _say(f"Logs: {config.data / 'log'}")
    _say(f"Amphitheatre is ready: {configuration.web_address(config)}")


async def _open_demo(house: Supervisor, config: MediaConfig, accounts: list[demo.Account]) -> None:
    rooms = await demo.wait_for_rooms(config)
    cameras = house.start(demo.cameras(config))
    if not await demo.wait_until_live(config):
        _say(f"The demo's operation is not on air yet: see {cameras.log.path}")
    for line in (*demo.account_lines(accounts), *demo.push_lines(rooms)):
        _say(line)


def _require_ports(config: MediaConfig, patience: float) -> None:
    """Raises CommandError with a line for every port that is still taken after patience (seconds)."""
    deadline = time.monotonic() + patience
    while complaints := [c for port in ports.needed(config) if (c := ports.complaint(port, config.host))]:
        if time.monotonic() >= deadline:
            raise CommandError("\namphitheatre: ".join(complaints))
        time.sleep(PORT_PAUSE)


def _require_keys(config: MediaConfig) -> None:
    from amphitheatre.web.grants import KeyFileError, load_or_create_keys

    try:
        load_or_create_keys(config.data)
    except KeyFileError as e:
        raise CommandError(str(e)) from e


def _say(line: str) -> None:
    print(line, flush=True)
