"""A sink in memory, and a rendition that writes to it."""

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.package.grid import VideoGrid
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.store.track_folder import PartLine

GRID = VideoGrid(Profile.FAST, 25)  # parts of 5 frames, segments of 25
EPOCH = 1_700_000_000.0


class Kept:
    def __init__(self) -> None:
        self.inits: dict[str, bytes] = {}
        self.parts: list[tuple[PartLine, bytes]] = []

    def init(self, name: str, data: bytes) -> None:
        self.inits[name] = data

    def append(self, line: PartLine, data: bytes) -> None:
        self.parts.append((line, data))


def picture(sink: Kept, first_segment: int = 0) -> Rendition:
    return Rendition(GRID, first_segment, lambda at: EPOCH + at, sink, b"init")


def feed(rendition: Rendition, first: int, until: int) -> None:
    """Frames with an IDR frame at each segment's beginning; each frame's data names it."""
    for frame in range(first, until):
        key = frame % GRID.segment_frames == 0
        rendition.push(frame, b"%s%d" % (b"I" if key else b"P", frame), key=key)
