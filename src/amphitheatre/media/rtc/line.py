"""Which rung of the ladder a WHEP peer's line carries, judged by what the peer says of it.

It says which share of our packets was lost (RFC 3550, 6.4.2) and how many bits/s it believes the line has (REMB,
draft-alvestrand-rmcat-remb). Such an estimate follows what is sent, slowly: while it rises it only lags behind a
picture that has begun to move; when it stands or falls below what is sent, the line is crowded. It hardly rises
above what is sent, so it never tells when to go up: that is tried after a calm while, and less often the more often
it fails.
"""

from typing import Final

LOSSY: Final = 0.1  # of all packets; what is less is mended by retransmission
# Of the bits/s sent. A receiver that finds its line crowded believes in 0.85 of what still comes through.
SHORT: Final = 0.8
STANDS: Final = 1.0  # seconds without a rise
MEASURE: Final = 1.0  # seconds over which what is sent is measured
SETTLE: Final = 2.0  # seconds after a step down in which reports still speak of what was before
CALM: Final = 10.0  # seconds without trouble before a step up is tried …
LONGEST_CALM: Final = 160.0  # … and after a row of failures
PROVEN: Final = 10.0  # seconds after which a step up was right


class Line:
    """level: the rung to send, 0 for the best. rungs: how many there are. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.level = 0
        self._rungs = 1
        self._estimate = 0.0  # bits/s
        self._risen = float("-inf")
        self._rate = 0.0  # bits/s
        self._bits = 0
        self._measured = float("-inf")
        self._changed = float("-inf")
        self._rose = False
        self._trouble = float("-inf")
        self._calm = CALM

    def carries(self, rungs: int) -> None:
        """From now on the ladder has so many rungs."""
        self._rungs = rungs
        self.level = min(self.level, max(0, rungs - 1))

    def sent(self, size: int, now: float) -> None:
        """So many bytes have been sent."""
        elapsed = now - self._measured
        if elapsed >= MEASURE:
            self._rate = self._bits / elapsed
            self._bits, self._measured = 0, now
        self._bits += size * 8

    def lost(self, share: float, now: float) -> bool:
        """The peer reports a loss, from 0 to 1. True if there was a step down: it needs an IDR picture."""
        return self._judge(share > LOSSY, now)

    def estimated(self, bitrate: float, now: float) -> bool:
        """The peer believes in so many bits/s. True as for `lost`."""
        if bitrate > self._estimate:
            self._risen = now
        self._estimate = bitrate
        return self._judge(bitrate < SHORT * self._rate and now - self._risen >= STANDS, now)

    def _judge(self, trouble: bool, now: float) -> bool:
        if trouble:
            self._trouble = now
            if (self._rose or now - self._changed >= SETTLE) and self.level < self._rungs - 1:
                failed = self._rose and now - self._changed < PROVEN
                self._calm = min(2 * self._calm, LONGEST_CALM) if failed else CALM
                self._step(+1, now)
                return True
        elif self.level and now - max(self._trouble, self._changed) >= self._calm:
            self._step(-1, now)
        return False

    def _step(self, by: int, now: float) -> None:
        self.level += by
        self._rose = by < 0
        self._changed = now
        # What is sent from now on has another rate.
        self._rate, self._bits, self._measured = 0.0, 0, now
