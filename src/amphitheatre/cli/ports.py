"""Whether our ports are free, before anything starts."""

import errno
import socket
from typing import Final

import msgspec

from amphitheatre.media.config import MediaConfig

LAST_PORT: Final = 65535


class Port(msgspec.Struct, frozen=True):
    """One port of ours. variable: the setting that moves it."""

    purpose: str
    number: int
    variable: str
    kind: socket.SocketKind = socket.SOCK_STREAM


def needed(config: MediaConfig) -> list[Port]:
    return [
        Port("pages", config.web_port, "AMPHITHEATRE_WEB_PORT"),
        Port("media", config.media_port, "AMPHITHEATRE_MEDIA_PORT"),
        Port("RTMP", config.rtmp_port, "AMPHITHEATRE_RTMP_PORT"),
        Port("SRT", config.srt_port, "AMPHITHEATRE_SRT_PORT", socket.SOCK_DGRAM),
    ]


def complaint(port: Port, host: str) -> str | None:
    """One line that says what is wrong with a port and what to do, or None when it can be had."""
    trouble = _bind(host, port.number, port.kind)
    if trouble is None:
        return None
    if trouble == errno.EACCES:
        reason = "may not be opened by this user"
    elif trouble == errno.EADDRINUSE:
        reason = "is taken by another program"
    else:
        return f"Port {port.number} ({port.purpose}) can't be opened on {host}: {errno.errorcode.get(trouble, trouble)}"
    other = next_free(host, max(port.number, 1023) + 1, port.kind)
    return (
        f"Port {port.number} ({port.purpose}) {reason}: stop that program, or choose another port, "
        f"such as {port.variable}={other} make demo"
    )


def next_free(host: str, start: int, kind: socket.SocketKind) -> int:
    return next((n for n in range(start, LAST_PORT) if _bind(host, n, kind) is None), LAST_PORT)


def free_udp(host: str, first: int, last: int) -> int:
    """How many UDP ports of a range can be had."""
    return sum(_bind(host, number, socket.SOCK_DGRAM) is None for number in range(first, last + 1))


def _bind(host: str, number: int, kind: socket.SocketKind) -> int | None:
    """The error number of binding, None when it went well."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:  # else connections that have just closed would count as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as e:
            return e.errno or errno.EINVAL
    return None
