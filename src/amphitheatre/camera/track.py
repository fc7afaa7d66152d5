"""What a camera or a voice hands to where it is sent: coded pieces with the wall time of their first moment."""

from dataclasses import dataclass, field
from typing import Protocol

from amphitheatre.camera import flv


@dataclass(frozen=True)
class Piece:
    """kind: flv.PICTURE or flv.SOUND. at: milliseconds since the Unix epoch. body: the FLV tag's body."""

    kind: int
    at: int
    key: bool
    body: bytes


@dataclass(frozen=True)
class Format:
    """What a receiver has to know before the first piece. None: no such track."""

    picture: bytes | None = None
    sound: bytes | None = None
    facts: dict[str, object] = field(default_factory=dict)

    def headers(self) -> list[tuple[int, bytes]]:
        """(kind, body) of the tags that come first. onMetaData is what servers keep for late joiners."""
        tags = [(flv.DATA, flv.metadata(self.facts))]
        if self.picture is not None:
            tags.append((flv.PICTURE, self.picture))
        if self.sound is not None:
            tags.append((flv.SOUND, self.sound))
        return tags


class Sink(Protocol):
    """Takes pieces and never keeps the giver waiting."""

    @property
    def wanted(self) -> bool:
        """Whether somebody takes the pieces now; a camera that nobody takes need not encode."""

    @property
    def hungry(self) -> bool:
        """Whether the next picture has to be independent."""

    def put(self, piece: Piece) -> None: ...

    def close(self) -> None: ...


class Timeline:
    """Milliseconds of a stream from wall times: starts at 0, never goes back, survives a set clock."""

    def __init__(self) -> None:
        self._base: int | None = None
        self._last = 0

    def place(self, piece: Piece) -> int | None:
        """The piece's time in the stream; None when it lies before the beginning."""
        if self._base is None:
            self._base = piece.at
        time = piece.at - self._base
        if not -1000 < time - self._last < 10_000:
            # The machine's clock was set: go on 40 ms after what was sent last.
            self._base = piece.at - self._last - 40
            time = self._last + 40
        if time < 0:
            return None
        self._last = max(self._last, time)
        return time
