"""The room's media clock.

CLOCK_MONOTONIC is the same in every process of one machine, so an epoch given in it can be shared.
"""

import time

import msgspec


class RoomClock(msgspec.Struct, frozen=True):
    """Room time 0 is `epoch`: seconds since the Unix epoch. `wall_minus_monotonic` is fixed at start,
    so a step of the system's clock never moves a room that is on air.
    """

    epoch: float
    wall_minus_monotonic: float

    def now(self) -> float:
        """Room time in seconds."""
        return self.at(time.monotonic())

    def at(self, monotonic: float) -> float:
        """Room time in seconds of a reading of time.monotonic()."""
        return monotonic + self.wall_minus_monotonic - self.epoch

    def wall(self, room_time: float) -> float:
        """Unix time in seconds of a room time, for EXT-X-PROGRAM-DATE-TIME."""
        return self.epoch + room_time


def start(epoch: float | None = None) -> RoomClock:
    """A clock whose epoch is now, or the one kept from before a restart."""
    offset = time.time() - time.monotonic()
    return RoomClock(epoch=time.time() if epoch is None else epoch, wall_minus_monotonic=offset)
