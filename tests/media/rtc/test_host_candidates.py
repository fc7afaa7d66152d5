import asyncio
import contextlib
import socket

import pytest
from aioice.candidate import Candidate
from aioice.ice import Connection

from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.errors import Refused
from amphitheatre.media.rtc import host_candidates
from amphitheatre.media.rtc.host_candidates import LOOPBACK, gather
from amphitheatre.media.rtc.whip import Publisher
from bench.instance import free_ports
from tests.media.rtc.browser import Browser, Numbered, until


async def gathered(network: RtcNetwork, ice: Connection) -> list[tuple[str, int]]:
    return [(one.host, one.port) for one in await gather(network, ice, 1, [])]


async def test_only_ports_of_the_range_are_bound_each_once() -> None:
    first = free_range(3)
    network = RtcNetwork((first, first + 2))
    peers = [Connection(ice_controlling=False) for _ in range(4)]
    found = [await gathered(network, ice) for ice in peers]
    assert sorted(port for one in found for _, port in one) == [first, first + 1, first + 2]
    assert {host for one in found for host, _ in one} == {LOOPBACK}
    assert found[3] == [], "there is no fourth port"
    await peers[0].close()
    assert await gathered(network, peers[3]) == found[0], "a port that is free again is taken again"
    for ice in peers:
        await ice.close()


async def test_without_a_range_the_kernel_chooses() -> None:
    ice = Connection(ice_controlling=False)
    found = await gathered(ANY_NETWORK, ice)
    assert [host for host, _ in found] == [LOOPBACK]
    await ice.close()


async def test_an_address_that_is_not_ours_is_left_out() -> None:
    ice = Connection(ice_controlling=False)
    found = await gather(ANY_NETWORK, ice, 1, ["192.0.2.1"])
    assert [one.host for one in found] == [LOOPBACK]
    await ice.close()


async def test_the_outer_address_stands_beside_ours_on_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    bind = host_candidates._bind
    monkeypatch.setattr(
        host_candidates, "_bind", lambda _, ports: bind(LOOPBACK, ports)
    )  # whatever the network
    ice = Connection(ice_controlling=False)
    found = await gather(RtcNetwork(None, ("203.0.113.7", "2001:db8::7")), ice, 1, ["192.0.2.1"])
    hosts = [one.host for one in found]
    assert hosts == ["192.0.2.1", "203.0.113.7", LOOPBACK], "nothing leads to loopback, nor from IPv6 to IPv4"
    own, outer, _ = found
    assert outer.port == own.port
    assert outer.foundation != own.foundation
    assert outer.type == "host"
    await ice.close()


async def test_a_peer_connects_within_the_range_and_is_told_of_the_outer_address() -> None:
    first = free_range(4)
    frames: list[object] = []
    network = RtcNetwork((first, first + 3), ("203.0.113.7",))
    async with Browser() as browser, Publisher(lambda frame: not frames.append(frame), network) as publisher:
        answer = await publisher.answer(await browser.publish(Numbered()))
        told = [
            Candidate.from_sdp(line[12:]) for line in answer.splitlines() if line.startswith("a=candidate:")
        ]
        assert all(first <= one.port <= first + 3 for one in told)
        assert ("203.0.113.7" in {one.host for one in told}) == (len(told) > 1)
        await browser.accept(answer)
        run = asyncio.create_task(publisher.run())
        await until(lambda: frames)
        publisher.close()
        await run


async def test_with_every_port_taken_a_peer_is_turned_away() -> None:
    first = free_range(1)
    network = RtcNetwork((first, first))
    async with Browser() as one, Browser() as two, Publisher(lambda _: True, network) as publisher:
        await publisher.answer(await one.publish(Numbered()))
        async with Publisher(lambda _: True, network) as late:
            with pytest.raises(Refused, match="no-candidates"):
                await late.answer(await two.publish(Numbered()))


def free_range(count: int) -> int:
    """The first of so many UDP ports in a row that nobody has now."""
    while True:
        (first,) = free_ports(1, socket.SOCK_DGRAM)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError, OverflowError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("0.0.0.0", port))  # noqa: S104
            return first
