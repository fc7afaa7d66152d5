"""Lines of a playlist, strictly: tags, attribute lists, decimal numbers (RFC 8216bis, 4.1 to 4.2)."""

import re
from collections.abc import Iterator
from decimal import Decimal

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)')
_DECIMAL = re.compile(r"\d+(?:\.\d+)?$")
_INTEGER = re.compile(r"\d{1,20}$")


class PlaylistSyntaxError(ValueError):
    """The text is no playlist; the message names the line."""


def lines(text: str) -> Iterator[tuple[str, str]]:
    """(tag, value) for each tag, ("", address) for each URI line; comments and empty lines are left out."""
    if "\ufeff" in text:
        raise PlaylistSyntaxError("byte order mark (4.1)")
    rows = text.split("\n")
    if rows[0].rstrip("\r") != "#EXTM3U":
        raise PlaylistSyntaxError("first line is not #EXTM3U (4.4.1.1)")
    if rows[-1] != "":
        raise PlaylistSyntaxError("last line is not ended: the text may be cut")
    for row in rows[1:-1]:
        line = row.rstrip("\r")
        if line.startswith("#EXT"):
            tag, _, value = line[1:].partition(":")
            yield tag, value
        elif line and not line.startswith("#"):
            if line != line.strip():
                raise PlaylistSyntaxError(f"white space around an address: {line!r}")
            yield "", line


def attributes(value: str) -> dict[str, str]:
    """An attribute list (4.2). Quotes are taken off; a name may stand once only."""
    found: dict[str, str] = {}
    at = 0
    while at < len(value):
        match = _ATTRIBUTE.match(value, at)
        if match is None:
            raise PlaylistSyntaxError(f"attribute list is wrong at {value[at:]!r}")
        name, text = match.groups()
        if name in found:
            raise PlaylistSyntaxError(f"attribute {name} stands twice")
        found[name] = text[1:-1] if text.startswith('"') else text
        at = match.end()
    return found


def required(found: dict[str, str], name: str, tag: str) -> str:
    if name not in found:
        raise PlaylistSyntaxError(f"{tag} has no {name}")
    return found[name]


def decimal(text: str) -> Decimal:
    if not _DECIMAL.match(text):
        raise PlaylistSyntaxError(f"not a decimal number: {text!r}")
    return Decimal(text)


def integer(text: str) -> int:
    if not _INTEGER.match(text):
        raise PlaylistSyntaxError(f"not an integer: {text!r}")
    return int(text)


def yes(found: dict[str, str], name: str) -> bool:
    if found.get(name, "NO") not in ("YES", "NO"):
        raise PlaylistSyntaxError(f"{name} is neither YES nor NO: {found[name]!r}")
    return found.get(name) == "YES"
