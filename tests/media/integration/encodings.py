"""What real encoders send, each made once by ffmpeg: small pictures that always move, and a tone."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from tests.media.ingest.publisher import AAC, BARS, H264, TONE

SECONDS = 20.0  # of a file; sending ends as soon as enough of it was seen and heard
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p")


def _h264(profile: str, pixels: str = "yuv420p", *more: str) -> tuple[str, ...]:
    return ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", profile, "-pix_fmt", pixels, *more)


@dataclass(frozen=True)
class Encoding:
    """arguments: of ffmpeg. reported: what the technician must be shown. after: seconds of sending from which on
    what is seen counts. silent: nothing may be heard. sent: arguments with which ffmpeg sends the file.

    container: flv goes by RTMP, mpegts by SRT.
    """

    arguments: tuple[str, ...] = ()
    reported: dict[str, Any] = field(default_factory=dict)
    after: float = 0.0
    silent: bool = False
    container: str = "flv"
    sent: tuple[str, ...] = ()

    async def make(self, path: Path) -> None:
        """Write the file. Fails with ffmpeg's words."""
        command = ("-y", "-nostdin", "-loglevel", "error", *self.arguments, "-t", str(SECONDS))
        process = await asyncio.create_subprocess_exec(
            imageio_ffmpeg.get_ffmpeg_exe(), *command, "-f", self.container, str(path),
            stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, complaints = await process.communicate()
        assert process.returncode == 0, complaints.decode()


ENCODINGS = {
    "baseline, 44.1 kHz mono": Encoding(
        (*BARS, *TONE, *_h264("baseline", "yuv420p", "-g", "60"), *AAC, "-ar", "44100", "-ac", "1"),
        {"codec": "h264", "sample_rate": 44_100, "channels": 1},
    ),
    "main, B-frames, 48 kHz stereo": Encoding(
        (*BARS, *TONE, *_h264("main", "yuv420p", "-bf", "3", "-g", "60"), *AAC, "-ac", "2"),
        {"sample_rate": 48_000, "channels": 2},
    ),
    "high, 5.1": Encoding(
        (*BARS, *TONE, *_h264("high", "yuv420p", "-coder", "1"), *AAC, "-ac", "6"),
        {"channels": 6},
    ),
    "high 10": Encoding((*BARS, *TONE, *_h264("high10", "yuv420p10le"), *AAC)),
    "high 4:2:2": Encoding((*BARS, *TONE, *_h264("high422", "yuv422p"), *AAC)),
    "HEVC, enhanced RTMP": Encoding(
        (*BARS, *TONE, *_HEVC, *AAC), {"codec": "hevc"}, sent=("-rtmp_enhanced_codecs", "hvc1")
    ),
    "HEVC, SRT": Encoding((*BARS, *TONE, *_HEVC, *AAC), {"codec": "hevc"}, container="mpegts"),
    "H.264, SRT": Encoding((*BARS, *TONE, *H264, *AAC), {"codec": "h264"}, container="mpegts"),
    "keyframes 10 s apart": Encoding(
        (*BARS, *TONE, *_h264("main", "yuv420p", "-g", "300", "-keyint_min", "300"), *AAC),
        after=10.0,
    ),
    "variable frame rate": Encoding(
        (*BARS, *TONE, "-vf", r"select=lt(n\,45)+not(mod(n\,3))", "-fps_mode", "vfr", *H264, *AAC),
    ),
    "interlaced": Encoding(
        (*BARS, *TONE, "-vf", "tinterlace=interleave_top,fieldorder=tff", "-flags", "+ilme+ildct",
         *_h264("high", "yuv420p", "-x264-params", "tff=1"), *AAC),
        {"interlaced": True},
    ),
    "no sound": Encoding((*BARS, *H264, "-an"), {"audio_codec": None}, silent=True),
    "sound 2 s late": Encoding(
        (*BARS, "-itsoffset", "2", *TONE, *H264, *AAC), {"audio_codec": "aac"}
    ),
    "wrap of MPEG-TS's 33 bits": Encoding(
        (*BARS, *TONE, *H264, *AAC), container="mpegts", after=3.0, sent=("-output_ts_offset", "95441.2")
    ),
}  # fmt: skip
