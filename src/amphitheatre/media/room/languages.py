"""A room's languages: the process that makes them, what each carries, and where a source's sound goes."""

from collections.abc import Callable

import msgspec

from amphitheatre.contract.room_plan import RoomPlan
from amphitheatre.media.clock import RoomClock
from amphitheatre.media.language.spec import MixSpec
from amphitheatre.media.room.child import Child
from amphitheatre.media.room.source import Source
from amphitheatre.media.room.tracks import Tracks
from amphitheatre.media.room.voices import Voices
from amphitheatre.media.unit import (
    SOUND_RATE,
    CodedSound,
    Connected,
    Heard,
    Lost,
    Sound,
    SoundFormat,
    Unit,
)


class Languages:
    """plan, tracks: those of now. sources: the room's. forward: (language's tag, sound) to peers at low delay.

    heard: what each language carries, see `unit.Heard`.
    """

    def __init__(
        self,
        plan: Callable[[], RoomPlan],
        clock: RoomClock,
        sources: dict[str, Source],
        tracks: Callable[[], Tracks | None],
        forward: Callable[[str, Sound], None],
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._sources = sources
        self._tracks = tracks
        self._forward = forward
        self._voices = Voices(self._mix_spec, self._connected, self._take)
        self.heard: dict[str, str] = {}

    @property
    def child(self) -> Child | None:
        """The process that makes them."""
        return self._voices.child

    def begin(self) -> None:
        """A take has begun: every language is made from now on."""
        self.heard = {}
        self._voices.begin()

    async def end(self) -> None:
        """No language is needed any more."""
        await self._voices.end()

    async def run(self) -> None:
        """Keep the process alive until cancelled."""
        await self._voices.run()

    def tell(self, unit: Connected | Lost) -> None:
        """A source is in, or gone."""
        self._voices.send(unit)

    def sound(self, source: Source, unit: Sound) -> None:
        """Of a view or of a language."""
        sound = msgspec.structs.replace(unit, source=source.name)
        self._voices.send(sound)
        kind, _, name = source.name.partition("/")
        if kind == "languages":
            self._forward(name, sound)
        elif source.name == self._floor_view and not self._floor_is_pushed:
            self._forward(self._plan().floor, sound)

    @property
    def _floor_view(self) -> str:
        return f"views/{self._plan().views[0].id}"

    @property
    def _floor_is_pushed(self) -> bool:
        return self._sources[f"languages/{self._plan().floor}"].connected

    def _take(self, unit: Unit) -> None:
        tracks = self._tracks()
        match unit:
            case CodedSound() if tracks:
                tracks.sound(unit)
            case SoundFormat() if tracks:
                tracks.sound_format(unit)
            case Heard(tag=tag, source=source):
                self.heard[tag] = source
            case _:
                return

    def _mix_spec(self) -> MixSpec:
        plan = self._plan()
        return MixSpec(
            tags=[language.tag for language in plan.languages],
            floor=plan.floor,
            floor_source=self._floor_view,
            start=int(self._clock.now()) * SOUND_RATE,
            clock=self._clock,
        )

    def _connected(self) -> list[Connected]:
        return [
            Connected(source.report.protocol or "", source.name)
            for source in self._sources.values()
            if source.connected
        ]
