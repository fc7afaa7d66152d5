"""The renditions of a take: made when a track's format is known, wired to each other and to the recorder."""

from collections.abc import Callable, Iterator

import structlog

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.encode.spec import LadderSpec, RungSize
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import SoundGrid, VideoGrid, segment_seconds
from amphitheatre.media.package.rendition import Rendition, Sibling
from amphitheatre.media.record.recorder import Recorder
from amphitheatre.media.record.take import Take
from amphitheatre.media.store.track_folder import tail
from amphitheatre.media.unit import CodedSound, Picture, PictureFormat, SoundFormat

log = structlog.get_logger(__name__)

# Segments that are read back after a restart, so that players find what they had.
_RESTORED = 12


class Tracks:
    """Everything that is served live of one take. on_format: take.json has changed."""

    def __init__(
        self, take: Take, clock: RoomClock, recorder: Recorder, on_format: Callable[[], None]
    ) -> None:
        self.take = take
        self._clock = clock
        self._recorder = recorder
        self._on_format = on_format
        self.pictures: dict[str, dict[str, Rendition]] = {}
        self.sounds: dict[str, Rendition] = {}

    @property
    def profile(self) -> Profile:
        return self.take.info.profile

    def restore(self) -> None:
        """Make the renditions of a take that was cut off, from its folder."""
        info = self.take.info
        for view, formats in info.pictures.items():
            for format_ in formats:
                rendition = self._add_picture(view, format_)
                rendition.resume(tail(self.take.picture_folder(view, format_.rung), _RESTORED))
        for tag, sound in info.sounds.items():
            self._add_sound(sound).resume(tail(self.take.sound_folder(tag), _RESTORED))
        begun = [r.window.segments[0].sequence for r in self._all_pictures() if r.window.segments]
        if begun:  # as when the first picture came
            self._begin_sounds_with(min(begun))
        self._introduce()

    def picture_format(self, view: str, format_: PictureFormat) -> None:
        """A rung has said what it is; the first word freezes the view's ladder."""
        known = self.pictures.get(view, {}).get(format_.rung)
        if known is not None:
            known.change_format(cmaf.video_init(format_.avcc, format_.width, format_.height))
            return
        self._add_picture(view, format_)
        self.take.info.pictures.setdefault(view, []).append(format_)
        self._introduce()
        self._on_format()

    def sound_format(self, format_: SoundFormat) -> None:
        if format_.tag in self.sounds:
            return
        self._add_sound(format_)
        self.take.info.sounds[format_.tag] = format_
        self._introduce()
        self._on_format()

    def picture(self, view: str, picture: Picture) -> None:
        rendition = self.pictures.get(view, {}).get(picture.rung)
        if rendition is None:
            return
        first = rendition.parts == 0
        rendition.push(picture.dts // rendition.grid.ticks, picture.data, key=picture.key)
        if first and rendition.parts and len(self.pictures) == 1:
            self._begin_sounds_with(rendition.window.segments[0].sequence)

    def sound(self, sound: CodedSound) -> None:
        rendition = self.sounds.get(sound.tag)
        if rendition is not None:
            rendition.push(sound.dts // rendition.grid.ticks, sound.data, key=True)

    def last_moment(self) -> float:
        """Unix time in seconds at which the last segment that is kept began; 0 if there is none."""
        return max((r.window.segments[-1].starts for r in self.all() if r.window.segments), default=0.0)

    def ladder(self, view: str) -> LadderSpec | None:
        """The frozen ladder of a view, None before its first picture."""
        formats = self.take.info.pictures.get(view)
        if not formats:
            return None
        fps = formats[0].fps
        rungs = [RungSize(f.rung, f.width, f.height, f.bitrate) for f in formats]
        return LadderSpec(rungs, fps, fps * segment_seconds(self.profile))

    def named(self) -> Iterator[tuple[str, Rendition]]:
        """Every rendition by its path below the room: ``{view}/{rung}`` or ``languages/{tag}``."""
        for view, rungs in self.pictures.items():
            for name, rendition in rungs.items():
                yield f"{view}/{name}", rendition
        for tag, rendition in self.sounds.items():
            yield f"languages/{tag}", rendition

    def all(self) -> Iterator[Rendition]:
        for _, rendition in self.named():
            yield rendition

    def _all_pictures(self) -> Iterator[Rendition]:
        return (rendition for rungs in self.pictures.values() for rendition in rungs.values())

    def _begin_sounds_with(self, segment: int) -> None:
        for sound in self.sounds.values():
            sound.begin_with(segment)

    def _add_picture(self, view: str, format_: PictureFormat) -> Rendition:
        init = cmaf.video_init(format_.avcc, format_.width, format_.height)
        grid = VideoGrid(self.profile, format_.fps)
        sink = self._recorder.track(self.take.picture_folder(view, format_.rung))
        rendition = Rendition(
            grid, self._now_segment(), self._clock.wall, sink, init, repeats=format_.repeats
        )
        self.pictures.setdefault(view, {})[format_.rung] = rendition
        return rendition

    def _add_sound(self, format_: SoundFormat) -> Rendition:
        init = cmaf.sound_init(format_.asc, format_.bitrate, format_.tag)
        sink = self._recorder.track(self.take.sound_folder(format_.tag))
        rendition = Rendition(
            SoundGrid(self.profile), self._now_segment(), self._clock.wall, sink, init, format_.silence
        )
        self.sounds[format_.tag] = rendition
        return rendition

    def _now_segment(self) -> int:
        return int(self._clock.now()) // segment_seconds(self.profile)

    def _introduce(self) -> None:
        """Tell every rendition of the others that share a multivariant playlist with it."""
        everything = list(self.named())
        for path, rendition in everything:
            rendition.siblings = [
                Sibling(f"../../{other}/media.m3u8", sibling)
                for other, sibling in everything
                if sibling is not rendition and _together(path, other)
            ]


def _together(path: str, other: str) -> bool:
    first, second = path.split("/")[0], other.split("/")[0]
    return first == second or "languages" in (first, second)
