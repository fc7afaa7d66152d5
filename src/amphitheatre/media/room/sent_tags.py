"""An RTMP publisher's tags in its source's process: from the thread that listens to the one that decodes."""

import queue
from collections.abc import Iterator
from typing import Final

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.unit import FlvTag, Lost

# Tags that may wait; while they do, the rest waits in the link and then in the origin's memory of the publisher.
_WAITING: Final = 64


class SentTags:
    """Put in one thread, iterate in another."""

    def __init__(self) -> None:
        self._queue: queue.Queue[FlvTag | Lost] = queue.Queue(_WAITING)

    def put(self, unit: FlvTag | Lost) -> None:
        """Waits while there are too many."""
        self._queue.put(unit)

    def __iter__(self) -> Iterator[FlvTag]:
        """Raises SourceBroken with the origin's reason when the publisher is gone."""
        while True:
            unit = self._queue.get()
            if isinstance(unit, Lost):
                raise SourceBroken(unit.reason)
            yield unit
