"""What the origin and a process that holds WebRTC peers say to each other.

They cross the same kind of socket as `media/unit.py`: MessagePack behind a 4-byte big-endian length.
An answer names its offer by `id`, which the origin chose; it is also the resource's unguessable address.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from amphitheatre.media.unit import MAX_UNIT, Picture, PictureFormat, Sound

LENGTH: Final = 4  # bytes


class Offer(msgspec.Struct, frozen=True, tag="offer"):
    """Origin to return process: somebody wants to watch `view` and hear `language`.

    Every name is explicit: the origin knows which view is the first one and which language is the floor.
    """

    id: str
    room: str
    view: str
    language: str
    floor: str
    sdp: str


class Hangup(msgspec.Struct, frozen=True, tag="hangup"):
    """Origin to return process: this peer's resource was deleted."""

    id: str


class Forget(msgspec.Struct, frozen=True, tag="forget"):
    """Origin to return process: the room is over; end its peers and drop what is kept of it."""

    room: str


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Origin to return process: one unit of a room. track: a view's id, or a language's tag for sound.

    held: an old IDR picture, sent because the view's source is lost and somebody joins.
    """

    room: str
    track: str
    unit: Picture | PictureFormat | Sound
    held: bool = False


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """Return process to origin: the SDP answer, with all its candidates."""

    id: str
    sdp: str


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Return process to origin: the offer can't be answered. code: stable, for logs and problem documents."""

    id: str
    code: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Return process to origin: the peer is gone. dropped: pictures and sounds it was too slow for."""

    id: str
    reason: str
    dropped: int


class Keyframe(msgspec.Struct, frozen=True, tag="keyframe"):
    """Return process to origin: a peer of this view can't start, or go on, without an IDR picture."""

    room: str
    view: str


ToReturn = Offer | Hangup | Forget | Feed
FromReturn = Answer | Failed | Ended | Keyframe

_encoder = msgspec.msgpack.Encoder()


def frame(message: ToReturn | FromReturn) -> bytes:
    """The message as it stands on the socket."""
    body = _encoder.encode(message)
    return len(body).to_bytes(LENGTH, "big") + body


async def read_body(exactly: Callable[[int], Awaitable[bytes]]) -> bytes:
    """The next message's body; `exactly` is a StreamReader's readexactly.

    Raises ValueError for a length that no message has, IncompleteReadError at the end of the stream.
    """
    length = int.from_bytes(await exactly(LENGTH), "big")
    if length > MAX_UNIT:
        raise ValueError(f"a message of {length} bytes on the return socket")
    return await exactly(length)
