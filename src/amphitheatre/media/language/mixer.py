"""All languages of a room: sounds in from the origin, coded frames out."""

from collections.abc import Iterator

from amphitheatre.media.language.aac import AacEncoder
from amphitheatre.media.language.spec import MixSpec
from amphitheatre.media.language.track import Candidate, LanguageTrack
from amphitheatre.media.language.voice_buffer import VoiceBuffer
from amphitheatre.media.unit import SOUND_RATE, Connected, Heard, Lost, Sound, Unit


class Mixer:
    """Holds a buffer a source and a track a language; `take` a unit, then `give` what can be decided."""

    def __init__(self, spec: MixSpec) -> None:
        self._clock = spec.clock
        self._buffers: dict[str, VoiceBuffer] = {}
        # A sound that is pushed to the floor's own language goes before the sound of the floor's view.
        floor = [
            self._candidate("floor", f"languages/{spec.floor}"),
            self._candidate("floor", spec.floor_source),
        ]
        self._tracks = [
            LanguageTrack(
                tag,
                floor if tag == spec.floor else [self._candidate("voice", f"languages/{tag}"), *floor],
                spec.start,
            )
            for tag in spec.tags
        ]
        self._encoders = {tag: AacEncoder(tag) for tag in spec.tags}
        self._heard: dict[str, str] = {}

    def formats(self) -> Iterator[Unit]:
        for encoder in self._encoders.values():
            yield encoder.format

    def take(self, unit: Unit) -> None:
        match unit:
            case Sound(at=at, data=data, source=source) if source in self._buffers:
                self._buffers[source].write(at, data)
            case Connected(source=source) if source in self._buffers:
                self._buffers[source].connected = True
            case Lost(source=source) if source in self._buffers:
                self._buffers[source].connected = False
            case _:
                return

    def give(self) -> Iterator[Unit]:
        """Coded frames that are due, and each change of what a language carries."""
        now = int(self._clock.now() * SOUND_RATE)
        for track in self._tracks:
            while (frame := track.next_frame(now)) is not None:
                if self._heard.get(track.tag) != frame.source:
                    self._heard[track.tag] = frame.source
                    yield Heard(track.tag, frame.source)
                yield from self._encoders[track.tag].encode(frame.at, frame.samples)

    def _candidate(self, name: str, source: str) -> Candidate:
        return Candidate(name, self._buffers.setdefault(source, VoiceBuffer()))
