"""Playing what is there at once (a file, a fetched segment) in real time."""

import threading
import time
from collections.abc import Callable
from typing import Final

_LATE: Final = 1.0  # seconds behind after which the play begins anew from here
_AHEAD: Final = 5.0  # seconds; a further step forward is a jump of the timestamps, not a pause to sit out


class Pacer:
    """Holds each packet back until its time. `stop` wakes a waiting one for good."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._stopped = threading.Event()
        self._anchor: float | None = None  # now − timestamp

    def wait(self, stamp: float) -> float:
        """Wait until `stamp` (seconds, decoding time) is due; returns when it was due, a reading of `now`."""
        now = self._now()
        due = now if self._anchor is None else stamp + self._anchor
        if self._anchor is None or due < now - _LATE or due > now + _AHEAD:
            self._anchor, due = now - stamp, now
        if due > now:
            self._stopped.wait(due - now)
        return due

    def stop(self) -> None:
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()
