"""A take that grows as a live one does, of two tracks with readable bytes."""

from pathlib import Path
from typing import Final

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.record.recorder import Recorder, TrackRecorder
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.store.track_folder import PartLine
from amphitheatre.media.unit import SOUND_RATE, VIDEO_RATE, PictureFormat, SoundFormat

EPOCH: Final = 1_700_000_000.0
PARTS: Final = 4  # of a segment of one second
_PICTURE: Final = PictureFormat("480p", bytes((1, 100, 0, 31)), 854, 480, 25, 1_000_000)
_SOUND: Final = SoundFormat("fr", b"", 64_000, b"")


class Growing:
    """rooms: the folder of all rooms."""

    def __init__(self, rooms: Path, room: str = "theatre", take: str = "20260101", **info: object) -> None:
        self.take = Take(
            rooms / room / "takes" / take,
            TakeInfo(
                epoch=EPOCH, began=EPOCH, profile=Profile.FAST, floor="fr",
                pictures={"main": [_PICTURE]}, sounds={"fr": _SOUND}, **info,
            ),
        )  # fmt: skip
        self.take.save()
        self._recorder = Recorder(lambda error: None, keep_segments=None)
        self._tracks: list[tuple[TrackRecorder, int]] = []
        for path, rate in zip(self.take.tracks(), (VIDEO_RATE, SOUND_RATE), strict=True):
            track = self._recorder.track(path)
            track.init("init.mp4", b"init of " + path.name.encode())
            self._tracks.append((track, rate))

    def grow(self, *segments: int, parts: int = PARTS) -> None:
        """Every track by these segments; by only the first `parts` of each."""
        for segment in segments:
            for track, rate in self._tracks:
                for part in range(parts):
                    data = b"<%d.%d at %d>" % (segment, part, rate)
                    line = PartLine(
                        segment=segment, part=part, offset=0, size=len(data), ticks=rate // PARTS,
                        start=segment * rate + part * rate // PARTS, last=part == PARTS - 1,
                    )  # fmt: skip
                    track.append(line, data)

    def end(self, at: float = EPOCH + 100) -> None:
        """at: Unix time, seconds."""
        self.take.info.ended = at
        self.take.save()
        self._recorder.close()


def segments(take: Take) -> dict[str, bytes]:
    """Of a take on disk, by their path below the rooms' folder."""
    rooms = take.path.parents[2]
    return {str(path.relative_to(rooms)): path.read_bytes() for path in take.path.rglob("*.m4s")}
