"""What a rendition shows while its source is away."""

from collections.abc import Sequence

from amphitheatre.media.errors import RuleBroken
from amphitheatre.media.package.cmaf import Sample


class HeldPicture:
    """The last picture, by access units that say "as before" (`unit.PictureFormat.repeats`), so that a held rendition
    needs next to no bits; at each segment's start, and where there are none, by the last IDR access unit.
    """

    def __init__(self, repeats: Sequence[bytes]) -> None:
        self.repeats = repeats
        self._key: bytes | None = None
        self._since: int | None = None  # access units since the last IDR one; None: not known

    @property
    def ready(self) -> bool:
        """There is something to repeat."""
        return self._key is not None

    def pushed(self, data: bytes, *, key: bool) -> None:
        """A frame of the source."""
        if key:
            self._key, self._since = data, 0
        elif self._since is not None:
            self._since += 1

    def found(self, key: bytes) -> None:
        """The last IDR access unit of what was kept before a restart."""
        self._key, self._since = key, None

    def sample(self, ticks: int, *, begins_segment: bool) -> Sample:
        """One that lasts so long. Raises RuleBroken while there is nothing to repeat."""
        if self._key is None:
            raise RuleBroken("nothing to hold yet")
        if begins_segment or self._since is None or not self.repeats:
            self._since = 0
            return Sample(self._key, ticks, key=True)
        data = self.repeats[self._since % len(self.repeats)]
        self._since += 1
        return Sample(data, ticks, key=False)


class HeldSound:
    """Silence, frame by frame."""

    ready = True

    def __init__(self, silence: bytes) -> None:
        self._silence = silence

    def pushed(self, data: bytes, *, key: bool) -> None:
        """A frame of the source."""

    def sample(self, ticks: int, *, begins_segment: bool) -> Sample:
        """One AAC frame of silence."""
        return Sample(self._silence, ticks, key=True)


Held = HeldPicture | HeldSound
