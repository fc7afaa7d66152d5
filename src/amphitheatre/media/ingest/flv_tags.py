"""The bodies of RTMP's audio and video messages, which are FLV tags.

Sources: Adobe, "Video File Format Specification 10.1", annex E; Veovera, "Enhanced RTMP" 1 and 2 (FourCC).
"""

from typing import Final, Literal, NamedTuple

from amphitheatre.media.errors import SourceBroken


class Tag(NamedTuple):
    """One tag. Either `config` (how to decode what follows) or `data` is set.

    codec: FFmpeg's name of the decoder. lead: presentation − decoding time, milliseconds.
    """

    kind: Literal["picture", "sound"]
    codec: str
    config: bytes | None = None
    data: bytes | None = None
    key: bool = False
    lead: int = 0
    rate: int = 0  # hertz and channels, only where there is no config
    channels: int = 0


_VIDEO_FOURCC: Final = {b"avc1": "h264", b"hvc1": "hevc"}
_AUDIO_FOURCC: Final = {b"mp4a": "aac", b"Opus": "libopus", b".mp3": "mp3float"}
_VIDEO_ID: Final = {7: "h264", 12: "hevc"}  # 12: what HEVC encoders in China sent before there was a FourCC
_AUDIO_ID: Final = {2: "mp3float", 14: "mp3float", 7: "pcm_alaw", 8: "pcm_mulaw"}
_AAC, _EX_AUDIO = 10, 9
_RATES: Final = (5512, 11025, 22050, 44100)


def video(body: bytes) -> Tag | None:
    """A video tag; None for tags without pictures. Raises SourceBroken for a codec we can't take."""
    if len(body) < 5:
        return None
    if body[0] & 0x80:
        return _enhanced_video(body)
    frame, number = body[0] >> 4, body[0] & 15
    codec = _VIDEO_ID.get(number)
    if codec is None:
        raise SourceBroken("codec-unknown", f"FLV video codec {number}")
    if frame == 5:  # a command for players
        return None
    if body[1] == 0:
        return Tag("picture", codec, config=body[5:])
    if body[1] == 1:
        return Tag("picture", codec, data=body[5:], key=frame == 1, lead=_lead(body[2:5]))
    return None


def _enhanced_video(body: bytes) -> Tag | None:
    frame, packet, fourcc = (body[0] >> 4) & 7, body[0] & 15, body[1:5]
    if packet in (2, 4, 5, 6, 7):  # end, metadata, MPEG-2 TS, several tracks, modifiers: none were asked for
        return None
    codec = _VIDEO_FOURCC.get(fourcc)
    if codec is None:
        raise SourceBroken("codec-unknown", f"FLV video FourCC {fourcc!r}")
    if packet == 0:
        return Tag("picture", codec, config=body[5:])
    if packet == 1:
        return Tag("picture", codec, data=body[8:], key=frame == 1, lead=_lead(body[5:8]))
    return Tag("picture", codec, data=body[5:], key=frame == 1) if packet == 3 else None


def audio(body: bytes) -> Tag | None:
    """An audio tag; None for tags without sound. Raises SourceBroken for a codec we can't take."""
    if len(body) < 2:
        return None
    number = body[0] >> 4
    if number == _AAC:
        return Tag("sound", "aac", **{"data" if body[1] else "config": body[2:]})  # type: ignore[arg-type]
    if number == _EX_AUDIO:
        return _enhanced_audio(body)
    codec = _AUDIO_ID.get(number)
    if codec is None:
        raise SourceBroken("codec-unknown", f"FLV audio format {number}")
    rate = 8000 if number in (7, 8, 14) else _RATES[(body[0] >> 2) & 3]
    return Tag("sound", codec, data=body[1:], rate=rate, channels=1 + (body[0] & 1))


def _enhanced_audio(body: bytes) -> Tag | None:
    packet, fourcc = body[0] & 15, body[1:5]
    if packet not in (0, 1):
        return None
    codec = _AUDIO_FOURCC.get(fourcc)
    if codec is None:
        raise SourceBroken("codec-unknown", f"FLV audio FourCC {fourcc!r}")
    if packet == 0:
        return Tag("sound", codec, config=body[5:])
    return Tag("sound", codec, data=body[5:])


def _lead(field: bytes) -> int:
    return int.from_bytes(field, "big", signed=True)
