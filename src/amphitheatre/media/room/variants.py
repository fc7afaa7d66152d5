"""The multivariant playlist of a view: what its tracks say of themselves."""

from amphitheatre.media.language.spec import BITRATE as SOUND_BITRATE
from amphitheatre.media.package import cmaf
from amphitheatre.media.playlist import multivariant
from amphitheatre.media.playlist.multivariant import SoundRendition, Variant
from amphitheatre.media.record.take import TakeInfo
from amphitheatre.media.room.room import Room
from amphitheatre.media.unit import PictureFormat

# The encoder's leeway against its peak within one segment (`encode.rung`), and the boxes around frames (240p: 3 %).
_PICTURE_OVERHEAD = 1.25 * 1.04
_SOUND_OVERHEAD = 1.25


def multivariant_text(room: Room, view: str) -> str | None:
    """None while nothing can be played."""
    tracks = room.tracks
    if tracks is None:
        return None
    rungs = tracks.pictures.get(view)
    ready = (
        rungs and all(r.playable for r in rungs.values()) and all(r.playable for r in tracks.sounds.values())
    )
    if not ready or not tracks.sounds:
        return None
    return render(tracks.take.info, view, "../languages/{}/media.m3u8")


def render(info: TakeInfo, view: str, sound_uri: str) -> str:
    """sound_uri: of a language's playlist, with {} for its tag, relative to the multivariant playlist."""
    sound_bandwidth = int(SOUND_BITRATE * _SOUND_OVERHEAD)
    variants = [_variant(rung, sound_bandwidth) for rung in info.pictures[view]]
    sounds = [
        SoundRendition(sound_uri.format(tag), tag, info.languages.get(tag, tag), tag == info.floor, 2)
        for tag in info.sounds
    ]
    return multivariant.render(variants, sounds, sound_bandwidth)


def _variant(rung: PictureFormat, sound_bandwidth: int) -> Variant:
    peak = int(rung.bitrate * _PICTURE_OVERHEAD) + sound_bandwidth
    return Variant(
        uri=f"{rung.rung}/media.m3u8",
        bandwidth=peak,
        average_bandwidth=int(rung.bitrate * 0.8) + sound_bandwidth,
        codecs=f"{cmaf.codec_string(rung.avcc)},mp4a.40.2",
        width=rung.width,
        height=rung.height,
        frame_rate=rung.fps,
    )
