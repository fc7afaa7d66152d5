"""From what was measured to stable codes; the technician's page words them in the reader's language."""

from typing import Final

from amphitheatre.contract.room_state import SourceReport

KEYFRAMES_FAR: Final = 4.1  # seconds
_QUIET: Final = -38.0  # LUFS momentary; speech is mixed to −23 ± 5
_LATE: Final = 0.5  # seconds
_SOUND_LATE: Final = 0.3  # seconds
_UNSTEADY: Final = 0.4  # deviation of the time between pictures, as part of its mean
_BITS_PER_PIXEL: Final = {"h264": 0.015, "hevc": 0.008}


def hints(
    report: SourceReport,
    *,
    loudest: float | None,
    unsteadiness: float,
    sound_behind: float,
    b_frames: bool,
    lately_mended: bool,
    lately_dropped: bool,
    overloaded: bool,
    waited: float,
    stalled: bool,
) -> list[str]:
    """Codes that apply, the gravest first; while the source is stalled, that alone.

    loudest: highest momentary loudness of the last 5 s (LUFS). waited: seconds since the source has begun.
    """
    if stalled:
        return ["no-data"]
    no_sound = report.audio_codec is None and report.channels is None and waited > 3
    found = {
        "black": report.black,
        "frozen": report.frozen and not report.black,
        "no-picture": report.width is None and not report.source.startswith("languages/") and waited > 3,
        "no-sound": no_sound,
        "silence": report.silent,
        "clipping": report.clipping,
        "too-quiet": loudest is not None and loudest < _QUIET and not report.silent,
        "sound-late": sound_behind > _SOUND_LATE,
        "overloaded": overloaded,
        "network-late": report.late is not None and report.late > _LATE and not overloaded,
        "drops": lately_dropped,
        "timestamps-mended": lately_mended,
        "keyframes-far-apart": (report.keyframe_distance or 0.0) > KEYFRAMES_FAR,
        "bitrate-low": _starved(report),
        "frame-rate-unsteady": unsteadiness > _UNSTEADY,
        "interlaced": report.interlaced,
        "b-frames": b_frames,
        "hevc": report.codec == "hevc",
    }
    return [code for code, applies in found.items() if applies]


def _starved(report: SourceReport) -> bool:
    if not (report.bitrate and report.width and report.height and report.frame_rate and report.codec):
        return False
    return report.bitrate / (report.width * report.height * report.frame_rate) < _BITS_PER_PIXEL.get(
        report.codec, 0
    )
