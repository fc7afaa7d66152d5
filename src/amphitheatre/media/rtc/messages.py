"""What the origin and a process that holds WebRTC peers say to each other, over a `media/link.py`.

An answer names its offer by `id`, which the origin chose; it is also the resource's unguessable address.
"""

from typing import Final

import msgspec

from amphitheatre.media.unit import Picture, PictureFormat, Sound


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


class Ladder(msgspec.Struct, frozen=True, tag="ladder"):
    """Origin to return process: the rungs of a view from now on, the best one first."""

    room: str
    view: str
    formats: list[PictureFormat]


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Origin to return process: one unit of a room. track: a view's id, or a language's tag for sound.

    held: an old IDR picture, sent because the view's source is lost and somebody joins.
    """

    room: str
    track: str
    unit: Picture | Sound
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


ToReturn = Offer | Hangup | Forget | Ladder | Feed
FromReturn = Answer | Failed | Ended | Keyframe

TO_RETURN: Final[msgspec.msgpack.Decoder[ToReturn]] = msgspec.msgpack.Decoder(ToReturn)
FROM_RETURN: Final[msgspec.msgpack.Decoder[FromReturn]] = msgspec.msgpack.Decoder(FromReturn)
