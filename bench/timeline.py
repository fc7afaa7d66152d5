"""Which parts there are, and what asking for one looks like: all that a counting viewer needs of a playlist."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_SEQUENCE = re.compile(r"#EXT-X-MEDIA-SEQUENCE:(\d+)")
_HINT = re.compile(r'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]*?)(\d+)\.(\d+)\.m4s')
_PART = re.compile(r'#EXT-X-PART:.*URI="[^"]*?(\d+)\.(\d+)\.m4s')
_TARGET = re.compile(r"PART-TARGET=([\d.]+)")

Place = tuple[int, int]  # media sequence number, part index


class NoLowLatencyError(Exception):
    """The playlist has no parts to follow."""


@dataclass(frozen=True)
class Timeline:
    """parts: in a segment; part_target: seconds; edge: the next part to come; folder: path beside the playlist."""

    playlist: str
    folder: str
    parts: int
    part_target: float
    edge: Place

    @classmethod
    def read(cls, url: str, text: str) -> "Timeline":
        """From a media playlist's text. Raises NoLowLatencyError."""
        hint, target = _HINT.search(text), _TARGET.search(text)
        if hint is None or target is None:
            raise NoLowLatencyError("no EXT-X-PRELOAD-HINT or PART-TARGET in the playlist")
        whole: dict[int, int] = {}
        for match in _PART.finditer(text):
            whole[int(match[1])] = max(int(match[2]) + 1, whole.get(int(match[1]), 0))
        if not whole:
            raise NoLowLatencyError("no EXT-X-PART in the playlist")
        path = urlsplit(url).path
        folder = path.rpartition("/")[0] + "/" + hint[1]
        edge = (int(hint[2]), int(hint[3]))
        return cls(path, folder, max(whole.values()), float(target[1]), edge)

    def after(self, place: Place) -> Place:
        msn, part = place
        return (msn, part + 1) if part + 1 < self.parts else (msn + 1, 0)

    def number(self, place: Place) -> int:
        """Parts since the beginning."""
        return place[0] * self.parts + place[1]

    def playlist_line(self, place: Place) -> bytes:
        """The request line up to the version; directives in the order that RFC 8216bis, 6.2.5 asks for."""
        directives = f"_HLS_msn={place[0]}&_HLS_part={place[1]}&_HLS_skip=YES"
        return f"GET {self.playlist}?{directives} HTTP/1.1\r\n".encode()

    def part_line(self, place: Place) -> bytes:
        return f"GET {self.folder}{place[0]}.{place[1]}.m4s HTTP/1.1\r\n".encode()
