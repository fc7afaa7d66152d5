"""What the origin remembers of an RTMP publisher: enough for a new process to show a picture at once."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import flv_tags
from amphitheatre.media.unit import FlvTag, Unit

_MOST: Final = 16 * 1024 * 1024  # bytes; 20 s of 6 Mbit/s
_BACKLOG: Final = 256 * 1024  # bytes that may wait for the process outside of this memory
_LAG: Final = 2.0  # seconds a process may be behind while there is a newer key frame to go on from


class Taker(Protocol):
    """The process that decodes. backlog: bytes that wait to be read by it."""

    @property
    def backlog(self) -> int: ...

    def send(self, unit: Unit) -> None: ...


class RtmpMemory:
    """The tags from the newest key frame on, and those that the process has not taken yet; bounded.

    A process that doesn't keep up loses pictures up to a key frame, never a key frame alone. now: seconds, monotonic.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._taker: Taker | None = None
        self._described: dict[bool, FlvTag] = {}
        self._tags: deque[FlvTag] = deque()
        self._bytes = 0
        self._start: int | None = None  # where in the tags a process can begin: the newest key frame
        self._next = 0  # where in the tags the process of now goes on
        self._torn = False  # it lacks pictures: it gets none before the next key frame
        self.dropped = 0  # tags

    def give_to(self, taker: Taker | None) -> None:
        """A new process, from the newest key frame on; None while there is none."""
        self._taker = taker
        self._torn = self._start is None
        self._next = len(self._tags) if self._start is None else self._start
        if taker is not None:
            self._describe(taker)
            self._give(taker)

    def forget(self) -> None:
        """What is remembered may have broken a process: the next one begins with a key frame that is yet to come."""
        self._start = None

    def take(self, tag: FlvTag) -> None:
        """A tag has come."""
        described, key = _kind(tag)
        if described:
            self._described[tag.video] = tag
        if key or True not in self._described:  # a sound without a picture can begin anywhere
            self._start, self._torn = len(self._tags), False
        elif tag.video and not described and self._torn:
            self.dropped += 1
            return
        self._tags.append(tag)
        self._bytes += len(tag.body)
        if self._taker is None:
            self._next = len(self._tags)
        else:
            self._give(self._taker)
        self._trim()

    def _give(self, taker: Taker) -> None:
        while self._next < len(self._tags) and taker.backlog < _BACKLOG:
            if self._now() - self._tags[self._next].arrived > _LAG:
                self._skip(taker)
            taker.send(self._tags[self._next])
            self._next += 1

    def _skip(self, taker: Taker) -> None:
        """On to the newest key frame, if that lies ahead."""
        if self._start is not None and self._start > self._next:
            self.dropped += self._start - self._next
            self._next = self._start
            self._describe(taker)

    def _describe(self, taker: Taker) -> None:
        for tag in self._described.values():
            taker.send(tag)

    def _trim(self) -> None:
        """Let go what nobody needs, then what is too much."""
        self._let_go(self._next)
        if self._bytes > _MOST and self._taker is not None:
            self._skip(self._taker)
            self._let_go(self._next)
        if self._bytes > _MOST:
            self._start = None
            self._let_go(self._next)
        if self._bytes > _MOST:
            self.dropped += len(self._tags) - self._next
            self._torn = True
            self._let_go(len(self._tags))
            if self._taker is not None:
                self._describe(self._taker)

    def _let_go(self, until: int) -> None:
        """Forget the tags before `until`, but none that a new process would begin with."""
        count = until if self._start is None else min(until, self._start)
        for _ in range(count):
            self._bytes -= len(self._tags.popleft().body)
        self._next = max(self._next - count, 0)
        if self._start is not None:
            self._start -= count


def _kind(tag: FlvTag) -> tuple[bool, bool]:
    """Whether it describes what follows; whether it is a key frame."""
    try:
        parsed = flv_tags.video(tag.body) if tag.video else flv_tags.audio(tag.body)
    except SourceBroken:
        return False, False  # the process will say what is wrong with it
    return (False, False) if parsed is None else (parsed.config is not None, parsed.key)
