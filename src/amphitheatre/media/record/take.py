"""A take: one run of a room from its first picture to its end, as a folder.

``take.json`` says what tracks there are; it is rewritten whole, so it is always readable.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from amphitheatre.contract.room_plan import Profile, RoomPlan
from amphitheatre.media.store.segments import STORE_FILE
from amphitheatre.media.store.track_folder import lines
from amphitheatre.media.store.whole_file import write_whole
from amphitheatre.media.unit import PictureFormat, SoundFormat

TAKE_FILE = "take.json"
EXPORT_FILE = "export.mp4"


class TakeInfo(msgspec.Struct, kw_only=True):
    """epoch: Unix time of room time 0, seconds. pictures: view → rungs, top first; sounds: by language tag.

    recorded: kept after the end; otherwise only the newest segments are there, for players that lag.
    """

    epoch: float
    began: float
    profile: Profile
    ended: float | None = None
    pictures: dict[str, list[PictureFormat]] = {}
    sounds: dict[str, SoundFormat] = {}
    labels: dict[str, dict[str, str]] = {}
    languages: dict[str, str] = {}
    floor: str = ""
    recorded: bool = True


class Take:
    """The folder and what is known of it. Raises OSError as the disk does."""

    def __init__(self, path: Path, info: TakeInfo) -> None:
        self.path = path
        self.info = info

    @property
    def id(self) -> str:
        return self.path.name

    def save(self) -> None:
        """Rewrite take.json whole."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / TAKE_FILE, msgspec.json.encode(self.info))

    def picture_folder(self, view: str, rung: str) -> Path:
        return self.path / view / rung

    def sound_folder(self, tag: str) -> Path:
        return self.path / "languages" / tag

    def tracks(self) -> Iterator[Path]:
        """The folder of every track that take.json names."""
        for view, rungs in self.info.pictures.items():
            for form in rungs:
                yield self.picture_folder(view, form.rung)
        for tag in self.info.sounds:
            yield self.sound_folder(tag)

    def size(self) -> int:
        """Bytes of its segments, here or in an object store; reads the disk."""
        if (self.path / STORE_FILE).exists():
            return sum(line.size for track in self.tracks() for line in lines(track))
        return sum(path.stat().st_size for path in self.path.rglob("*.m4s"))


def begin(room: Path, plan: RoomPlan, epoch: float, now: float) -> Take:
    """A new take; `now` is Unix time in seconds."""
    name = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S%fZ")
    info = TakeInfo(
        epoch=epoch,
        began=now,
        profile=plan.profile,
        labels={view.id: view.label for view in plan.views},
        languages={language.tag: language.label for language in plan.languages},
        floor=plan.floor,
        recorded=plan.recording.enabled,
    )
    return Take(room / "takes" / name, info)


def load(path: Path) -> Take:
    """A take from its folder. Raises FileNotFoundError, or msgspec.DecodeError for a damaged one."""
    return Take(path, msgspec.json.decode((path / TAKE_FILE).read_bytes(), type=TakeInfo))


def all_takes(room: Path) -> list[Take]:
    """Oldest first. A folder without a readable take.json is no take, nor one that is still being made."""
    takes = []
    for path in sorted((room / "takes").glob("[!.]*")):
        try:
            takes.append(load(path))
        except (FileNotFoundError, msgspec.DecodeError):
            continue
    return takes
