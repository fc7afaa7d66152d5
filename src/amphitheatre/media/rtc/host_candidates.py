"""Our own ICE candidates (RFC 8445, 5.1.1.1): which UDP ports are bound, and which addresses are told.

aioice binds ports of the kernel's choice and leaves 127.0.0.1 out. A hospital's firewall wants a fixed range,
a NAT its outer address beside ours, and a machine without a network still shows its own demo.
"""

import asyncio
import ipaddress
import random
import socket
from collections.abc import Iterable
from typing import Final

from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import Connection, StunProtocol

from amphitheatre.media.config import RtcNetwork

LOOPBACK: Final = "127.0.0.1"
RECEIVE_BUFFER: Final = 262_144  # bytes, as aioice asks for


async def gather(
    network: RtcNetwork, ice: Connection, component: int, addresses: Iterable[str]
) -> list[Candidate]:
    """In the place of aioice's `Connection.get_component_candidates`, which asks STUN and TURN servers too.

    We need none: who reaches us does so directly. An address on which no port is to be had is left out.
    """
    candidates = []
    for address in [*addresses, LOOPBACK]:
        sock = _bind(address, _ports(network.ports))
        if sock is None:
            continue
        protocol = await _listen(ice, sock)
        port = sock.getsockname()[1]
        protocol.local_candidate = _candidate(component, address, port)
        candidates.append(protocol.local_candidate)
        candidates += [
            _candidate(component, outer, port) for outer in network.addresses if _leads(outer, address)
        ]
    return candidates


async def _listen(ice: Connection, sock: socket.socket) -> StunProtocol:
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_datagram_endpoint(lambda: StunProtocol(ice), sock=sock)
    ice._protocols.append(protocol)
    return protocol


def _ports(limits: tuple[int, int] | None) -> Iterable[int]:
    """Every port that may be tried, from a random one on: neighbours in time don't try the same."""
    if limits is None:
        return (0,)
    first, last = limits
    start = random.randint(first, last)  # noqa: S311 - spreads load; nothing is to be kept secret
    return (*range(start, last + 1), *range(first, start))


def _bind(address: str, ports: Iterable[int]) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in ports:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.bind((address, port))
        except OSError:
            sock.close()
            continue
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return sock
    return None


def _leads(outer: str, inner: str) -> bool:
    """Whether a NAT may hand on what comes to the outer address to this one of ours."""
    inner_address = ipaddress.ip_address(inner)
    return not inner_address.is_loopback and inner_address.version == ipaddress.ip_address(outer).version


def _candidate(component: int, address: str, port: int) -> Candidate:
    return Candidate(
        foundation=candidate_foundation("host", "udp", address),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=address,
        port=port,
        type="host",
    )
