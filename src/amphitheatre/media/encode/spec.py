"""What a ladder is to be: plain descriptions, which the origin keeps without loading a codec."""

import msgspec


class RungSize(msgspec.Struct, frozen=True):
    """name: such as ``720p``; bitrate: peak, bits/s."""

    name: str
    width: int
    height: int
    bitrate: int


class LadderSpec(msgspec.Struct, frozen=True):
    """Frozen with a room's first picture; segment_frames: an IDR frame begins each such run of the grid."""

    rungs: list[RungSize]
    fps: int
    segment_frames: int
