"""The text of a multivariant playlist (RFC 8216bis, 4.4.6). Pure."""

from collections.abc import Sequence
from typing import NamedTuple

SOUND_GROUP = "sound"


class Variant(NamedTuple):
    """One rung. bandwidth: bits/s, the peak of picture and sound together; codecs: of both (RFC 6381)."""

    uri: str
    bandwidth: int
    average_bandwidth: int
    codecs: str
    width: int
    height: int
    frame_rate: float


class SoundRendition(NamedTuple):
    """One language. name is the language's name in itself."""

    uri: str
    tag: str
    name: str
    floor: bool
    channels: int


def render(variants: Sequence[Variant], sounds: Sequence[SoundRendition], sound_bandwidth: int) -> str:
    """Every rung with every language, and the floor alone as the lowest variant (sound only)."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for sound in sounds:
        default = "YES" if sound.floor else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{SOUND_GROUP}",NAME="{sound.name}",LANGUAGE="{sound.tag}"'
            f',DEFAULT={default},AUTOSELECT=YES,CHANNELS="{sound.channels}",URI="{sound.uri}"'
        )
    for variant in variants:
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={variant.bandwidth},AVERAGE-BANDWIDTH={variant.average_bandwidth}"
            f',CODECS="{variant.codecs}",RESOLUTION={variant.width}x{variant.height}'
            f',FRAME-RATE={variant.frame_rate:.3f},AUDIO="{SOUND_GROUP}"',
            variant.uri,
        ]
    floor = next((sound for sound in sounds if sound.floor), None)
    if floor is not None:
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={sound_bandwidth},AVERAGE-BANDWIDTH={sound_bandwidth}"
            f',CODECS="mp4a.40.2",AUDIO="{SOUND_GROUP}"',
            floor.uri,
        ]
    return "\n".join(lines) + "\n"
