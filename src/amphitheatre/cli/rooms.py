"""The rooms that media knows, with the addresses and keys that encoders push to."""

import argparse
from typing import Any

import msgspec

from amphitheatre.cli import configuration


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run(options: argparse.Namespace) -> int:
    from amphitheatre.cli.origin import rooms

    found = rooms(configuration.load())
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    if not found:
        print("No rooms yet: enter one in the office, or have some made by 'amphitheatre up --demo'.")
    for room in found:
        print("\n".join(described(room)))
    return 0


def described(room: dict[str, Any]) -> list[str]:
    """A room in plain lines, each push address with its key."""
    lines = [f"{room['id']}  ({room['state']})"]
    for view in room["views"]:
        lines.append(f"  {view['id']}")
        lines += push_lines(view["push"], indent="    ")
    return lines


def push_lines(addresses: list[dict[str, str]], indent: str) -> list[str]:
    """A line an address; the key beside it where it does not stand in the address already, as SRT's does."""
    return [f"{indent}{push['protocol'].upper():<5} {push['url']}{_beside(push)}" for push in addresses]


def _beside(push: dict[str, str]) -> str:
    return "" if push["key"] in push["url"] else f"   key {push['key']}"
