"""Beats on the wall clock: beat n falls at n / rate seconds since the Unix epoch.

Everything that beats at one rate beats at the same moments, in whatever process it runs; that is what keeps
the cameras in step.
"""

import threading
import time
from collections.abc import Callable, Iterator

Clock = Callable[[], float]


class Pace:
    """Iterates over beat numbers, each when its moment has come, until `ending` is set.

    A beat that is missed by more than one interval is skipped and counted. When the clock is set,
    the beats follow it.
    """

    def __init__(self, rate: float, ending: threading.Event, clock: Clock = time.time) -> None:
        self._rate = rate
        self._ending = ending
        self._clock = clock
        self.skipped = 0

    def __iter__(self) -> Iterator[int]:
        beat = int(self._clock() * self._rate) + 1
        while True:
            wait = beat / self._rate - self._clock()
            if wait > 1 / self._rate + 5:  # the clock was set back
                beat = int(self._clock() * self._rate) + 1
                continue
            # Waiting may end a little early; never send a time that has not come.
            while wait > 0:
                if self._ending.wait(wait):
                    return
                wait = beat / self._rate - self._clock()
            if self._ending.is_set():
                return
            yield beat
            due = int(self._clock() * self._rate)
            self.skipped += max(0, due - beat - 1)
            beat = max(beat + 1, due)
