"""Sign a right to join a room; print it, or with --link the address of the watch page that carries it."""

import argparse
import time
from urllib.parse import urlencode

from amphitheatre.cli import configuration
from amphitheatre.cli.errors import CommandError
from amphitheatre.contract.grant import ANY_ROOM, Role


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "room", metavar="ROOM", help="the room's id; '*' for a technician: the figures of all rooms, no room"
    )
    offered = [role.value for role in Role if role is not Role.CONTROL]
    parser.add_argument("--role", choices=offered, default=Role.VIEWER.value)
    parser.add_argument("--ttl", type=_seconds, default=3600, metavar="SECONDS", help="how long it is good")
    parser.add_argument(
        "--language", metavar="TAG", help="the language of an interpreter or guest, such as fr"
    )
    parser.add_argument("--link", action="store_true", help="print the watch page's address for a guest")


def run(options: argparse.Namespace) -> int:
    import msgspec

    from amphitheatre.contract.room_plan import LanguageTag
    from amphitheatre.web.config import from_environment as web_configuration
    from amphitheatre.web.grants import KeyFileError, Keys, new_grant, sign

    config = configuration.load()
    try:
        room = _room(options)
        language = None if options.language is None else msgspec.convert(options.language, LanguageTag)
    except msgspec.ValidationError as e:
        raise CommandError(f"no such room or language: {e}") from e
    grant = new_grant(room, Role(options.role), options.ttl, language=language, now=time.time())
    try:
        token = sign(grant, Keys.at(config.data).private)
    except KeyFileError as e:
        raise CommandError(str(e)) from e
    if options.link:
        print(f"{web_configuration().address}/rooms/{room}/?{urlencode({'grant': token})}")
    else:
        print(token)
    return 0


def _room(options: argparse.Namespace) -> str:
    """Raises msgspec.ValidationError."""
    import msgspec

    from amphitheatre.contract.room_plan import Identifier

    figures = options.role == Role.TECHNICIAN.value and not options.link
    return ANY_ROOM if options.room == ANY_ROOM and figures else msgspec.convert(options.room, Identifier)


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above zero")
    return int(text)
