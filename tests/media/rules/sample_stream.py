"""A small live stream that keeps every rule: two video rungs and two languages, parts of 4 frames at 30 frames/s.

Segments have two parts only, so that a few seconds of a test see many of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .sample_bytes import AAC, AVC, Frame, access_unit, chunk, sound_init, video_init

EPOCH = datetime(2026, 11, 14, 8, tzinfo=UTC)
PARTS = 2  # a segment
PART_SECONDS = 4 / 30
WINDOW = 45  # segments listed
LANGUAGES = {"zh-Hans": "中文", "fr": "français"}
RUNGS = ("720p", "240p")
_FILL = {"720p": 400, "240p": 60}
_SOUND_PART = 6400  # samples of 0.133 s


@dataclass(frozen=True)
class Listed:
    """A part as the playlist lists it, seconds."""

    uri: str
    duration: float
    start: float


def is_sound(rendition: str) -> bool:
    return rendition in LANGUAGES


def multivariant() -> str:
    lines = ["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for tag, name in LANGUAGES.items():
        default = "YES" if tag == "zh-Hans" else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="voice",NAME="{name}",LANGUAGE="{tag}",DEFAULT={default},'
            f'AUTOSELECT=YES,CHANNELS="2",URI="{tag}/media.m3u8"'
        )
    for index, rung in enumerate(RUNGS):
        lines.append(
            f'#EXT-X-STREAM-INF:BANDWIDTH={900_000 - index},CODECS="{AVC},{AAC}",RESOLUTION=320x240,'
            f'FRAME-RATE=30.000,AUDIO="voice"'
        )
        lines.append(f"{rung}/media.m3u8")
    return "\n".join(lines) + "\n"


def initialisation(rendition: str) -> bytes:
    return sound_init() if is_sound(rendition) else video_init()


def _sound_frames(number: int) -> range:
    """AAC frames that start in part `number` of the stream."""
    return range(-(-number * _SOUND_PART // 1024), -(-(number + 1) * _SOUND_PART // 1024))


def part(rendition: str, number: int) -> bytes:
    """The bytes of part `number`, counted from the epoch."""
    if is_sound(rendition):
        frames = _sound_frames(number)
        return chunk(number + 1, frames[0] * 1024, [Frame(1024, True, b"\x21" * 20)] * len(frames))
    idr = number % PARTS == 0
    pictures = [Frame(3000, idr and not i, access_unit(idr and not i, _FILL[rendition])) for i in range(4)]
    return chunk(number + 1, number * 12_000, pictures)


def listed(rendition: str, number: int) -> Listed:
    uri = f"{number // PARTS}.{number % PARTS}.m4s"
    if is_sound(rendition):
        frames = _sound_frames(number)
        return Listed(uri, len(frames) * 1024 / 48_000, frames[0] * 1024 / 48_000)
    return Listed(uri, PART_SECONDS, number * PART_SECONDS)


def segment(rendition: str, msn: int) -> bytes:
    return b"".join(part(rendition, msn * PARTS + index) for index in range(PARTS))


def media(rendition: str, parts: int, *, skip: bool = False, reports: Sequence[str] | None = None) -> str:
    """The playlist once `parts` parts have been published since the epoch."""
    end = parts // PARTS
    first = max(0, end - WINDOW)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        "#EXT-X-TARGETDURATION:1",
        f"#EXT-X-PART-INF:PART-TARGET={0.14934 if is_sound(rendition) else 0.13334}",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=6.0,HOLD-BACK=3.0,PART-HOLD-BACK=0.5",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    skipped = max(0, end - first - 24) if skip else 0  # 24 segments are 6.4 s
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
    else:
        lines.append('#EXT-X-MAP:URI="init.mp4"')
    for msn in range(first + skipped, end + 1):
        lines += _segment_lines(rendition, msn, parts, end)
    lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{listed(rendition, parts).uri}"')
    last = parts - 1
    for other in reports if reports is not None else [r for r in (*RUNGS, *LANGUAGES) if r != rendition]:
        place = f"LAST-MSN={last // PARTS},LAST-PART={last % PARTS}"
        lines.append(f'#EXT-X-RENDITION-REPORT:URI="../{other}/media.m3u8",{place}')
    return "\n".join(lines) + "\n"


def _segment_lines(rendition: str, msn: int, parts: int, end: int) -> list[str]:
    numbers = [n for n in range(msn * PARTS, (msn + 1) * PARTS) if n < parts]
    if not numbers:
        return []
    items = [listed(rendition, number) for number in numbers]
    date = (EPOCH + timedelta(seconds=items[0].start)).isoformat(timespec="milliseconds")
    lines = [f"#EXT-X-PROGRAM-DATE-TIME:{date}"]
    if (end - msn) * PARTS * PART_SECONDS <= 3.3:
        for number, item in zip(numbers, items, strict=True):
            independent = ",INDEPENDENT=YES" if is_sound(rendition) or number % PARTS == 0 else ""
            lines.append(f'#EXT-X-PART:DURATION={item.duration:.5f},URI="{item.uri}"{independent}')
    if len(numbers) == PARTS:
        lines += [f"#EXTINF:{sum(item.duration for item in items):.5f},", f"{msn}.m4s"]
    return lines
