"""What every opener yields: packets of one picture and one sound track, with the moment of their arrival."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

import av

if TYPE_CHECKING:
    AnyPacket: TypeAlias = av.Packet[Any]
else:
    AnyPacket = av.Packet  # generic for type checkers only
Kind = Literal["picture", "sound"]


class Track:
    """A track as it is described now; a new description (size, codec) is a new object."""

    def __init__(self, kind: Kind, context: av.CodecContext, time_base: Fraction) -> None:
        self.kind: Kind = kind
        self.context = context
        self.time_base = time_base


class Coded(NamedTuple):
    """packet: pts and dts in track.time_base. arrived: reading of time.monotonic(), seconds."""

    track: Track
    packet: AnyPacket
    arrived: float


class CodedSource(Protocol):
    """An open source. protocol: as in `SourceReport`."""

    protocol: str

    def packets(self) -> Iterator[Coded]:
        """Blocks for the next one. Raises SourceBroken at the end, with the reason as its code."""
        ...

    def close(self) -> None:
        """Frees what the source holds; `packets` ends soon after. May be called from another thread, and twice."""
        ...
