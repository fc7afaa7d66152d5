"""The one currency of media: a piece of one track, stamped on the room's clock.

Between a source's process and the origin units cross a local socket as MessagePack, each behind
a 4-byte big-endian length; the same frames could cross a network.

Room time is counted from the room's epoch (see `clock.RoomClock`): 90 000 ticks/s for video,
48 000 ticks/s for sound.
"""

from typing import Final

import msgspec

from amphitheatre.contract.room_state import SourceReport

VIDEO_RATE: Final = 90_000
SOUND_RATE: Final = 48_000
AAC_FRAME: Final = 1024  # samples
MAX_UNIT: Final = 16 * 1024 * 1024  # bytes; anything larger on the socket is a fault


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """One H.264 access unit in AVCC form (4-byte lengths), without parameter sets, no B-frames.

    rung: name of the rendition, such as ``720p``. dts: 90 kHz, on the view's frame grid.
    """

    rung: str
    dts: int
    duration: int
    key: bool
    data: bytes


class PictureFormat(msgspec.Struct, frozen=True, tag="picture-format"):
    """Sent before the first picture of each rung, and again when it changes.

    avcc: AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). bitrate: bits/s, the encoder's peak.
    repeats: access units that show the picture before again: the first one may follow an IDR access unit, each
    other one its predecessor, the first one the last.
    """

    rung: str
    avcc: bytes
    width: int
    height: int
    fps: int
    bitrate: int
    repeats: list[bytes] = []


class Sound(msgspec.Struct, frozen=True, tag="sound"):
    """Interleaved signed 16-bit stereo at 48 kHz. at: index of the first sample in room time.

    source: ``views/{id}`` or ``languages/{tag}``; the origin fills it in before it hands the sound on.
    """

    at: int
    data: bytes
    source: str = ""


class CodedSound(msgspec.Struct, frozen=True, tag="coded-sound"):
    """One AAC-LC frame (no ADTS) of the language `tag`. dts: 48 kHz, a whole number of AAC frames."""

    tag: str
    dts: int
    data: bytes


class SoundFormat(msgspec.Struct, frozen=True, tag="sound-format"):
    """asc: AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). silence: an AAC frame of silence."""

    tag: str
    asc: bytes
    bitrate: int
    silence: bytes


class Report(msgspec.Struct, frozen=True, tag="report"):
    """Once a second from each source's process."""

    report: SourceReport


class Connected(msgspec.Struct, frozen=True, tag="connected"):
    """A publisher is in: from now on units are to be expected. source: see Sound."""

    protocol: str
    source: str = ""


class Lost(msgspec.Struct, frozen=True, tag="lost"):
    """The publisher is gone. reason: a stable code for logs and the technician's page. source: see Sound.

    Of an RTMP publisher the origin says so to the process, which says it back behind the last unit.
    """

    reason: str
    source: str = ""


class WhipAnswer(msgspec.Struct, frozen=True, tag="whip-answer"):
    """The first unit of a WHIP source's process: the SDP answer with all its candidates."""

    sdp: str


class WhipRefused(msgspec.Struct, frozen=True, tag="whip-refused"):
    """The offer can't be answered. code: as in `errors.Refused`."""

    code: str


class ExportProgress(msgspec.Struct, frozen=True, tag="export-progress"):
    """share: of an export that is done, 0 to 1."""

    share: float


class ExportDone(msgspec.Struct, frozen=True, tag="export-done"):
    """reason: empty when the file is there, else a stable code."""

    reason: str


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """What a language's track carries from now on: ``voice``, ``floor`` or ``silence``."""

    tag: str
    source: str


class KeyframePlease(msgspec.Struct, frozen=True, tag="keyframe-please"):
    """Origin to source: somebody has just joined at low delay."""


class FlvTag(msgspec.Struct, frozen=True, tag="flv-tag"):
    """Origin to the process of an RTMP source: the body of an audio or video message.

    stamp: milliseconds, modulo 2**32. arrived: reading of time.monotonic(), seconds.
    """

    video: bool
    stamp: int
    arrived: float
    body: bytes


Unit = (
    Picture
    | PictureFormat
    | Sound
    | CodedSound
    | SoundFormat
    | Report
    | Connected
    | Lost
    | WhipAnswer
    | WhipRefused
    | ExportProgress
    | ExportDone
    | Heard
    | KeyframePlease
    | FlvTag
)
