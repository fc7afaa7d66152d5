"""What a source's process is told when it is forked."""

import socket
from dataclasses import dataclass

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.config import ANY_NETWORK, RtcNetwork
from amphitheatre.media.encode.spec import LadderSpec


@dataclass(frozen=True)
class RtmpWay:
    """An admitted publisher, whose tags the origin sends."""

    protocol: str = "rtmp"


@dataclass(frozen=True)
class SrtWay:
    """A caller whose bytes the origin has carried to `sock`."""

    sock: socket.socket
    protocol: str = "srt"


@dataclass(frozen=True)
class PullWay:
    """Fetch an address (rtsp, http, HLS) or play a file in real time."""

    url: str
    loop: bool
    protocol: str = "pull"


@dataclass(frozen=True)
class WhipWay:
    """Answer a publisher's offer; the answer is the process's first unit."""

    offer: str
    network: RtcNetwork = ANY_NETWORK
    protocol: str = "whip"


Way = RtmpWay | SrtWay | PullWay | WhipWay


@dataclass(frozen=True)
class SourceJob:
    """source: ``views/{id}`` or ``languages/{tag}``. ladder: frozen with the take's first picture; None before.

    top_height and below: lines, see `encode.rung.ladder`. Only views have pictures.
    """

    source: str
    clock: RoomClock
    way: Way
    profile: Profile
    ladder: LadderSpec | None
    top_height: int
    below: list[int]
    pictures: bool
