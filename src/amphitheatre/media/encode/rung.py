"""One rung of the ladder: scaled, encoded, with an IDR frame where the segmenter cuts."""

from fractions import Fraction
from typing import Final

import av
from av.video.frame import PictureType

from amphitheatre.media.encode import h264
from amphitheatre.media.encode.fit import fit
from amphitheatre.media.encode.spec import RungSize
from amphitheatre.media.unit import VIDEO_RATE, Picture, PictureFormat

# Peak bits/s by lines of the picture; between two the nearest lower one serves.
_PEAKS: Final = {
    1080: 4_500_000,
    720: 2_500_000,
    576: 1_400_000,
    480: 1_000_000,
    360: 550_000,
    240: 220_000,
}
_LOWEST_PEAK: Final = 120_000
_CYCLE: Final = (
    16  # x264 counts frames modulo 16 where each refers to the one before (H.264, 7.4.3, frame_num)
)


def ladder(width: int, height: int, top: int, below: list[int]) -> list[RungSize]:
    """Rungs for a picture of that size in square pixels, from the top one down; never larger than the source."""
    heights = [min(height, top), *(lines for lines in below if lines < min(height, top))]
    return [_rung(width, height, lines) for lines in heights]


def _rung(width: int, height: int, lines: int) -> RungSize:
    peak = next((bits for known, bits in _PEAKS.items() if lines >= known), _LOWEST_PEAK)
    even = (lines + 1) // 2 * 2
    return RungSize(f"{lines}p", round(width * lines / height / 2) * 2, even, peak)


class RungEncoder:
    """Encodes frames at places of the grid; segment_frames: an IDR frame begins each such run."""

    def __init__(self, size: RungSize, fps: int, segment_frames: int) -> None:
        self.size = size
        self._fps = fps
        self._segment_frames = segment_frames
        self._force = True
        self._codec = _codec(size, fps)
        self._codec.open()
        extradata = self._codec.extradata
        if not extradata:
            raise av.error.InvalidDataError(0, "libx264 gave no parameter sets")
        self.format = PictureFormat(
            rung=size.name,
            avcc=h264.avcc(extradata),
            width=size.width,
            height=size.height,
            fps=fps,
            bitrate=size.bitrate,
            repeats=_repeats(size, fps),
        )

    def force_key(self) -> None:
        """Make the next frame an IDR frame."""
        self._force = True

    def scale(self, frame: av.VideoFrame) -> av.VideoFrame:
        """To the rung's size."""
        return fit(frame, self.size.width, self.size.height)

    def encode(self, frame: av.VideoFrame, place: int) -> list[Picture]:
        """frame: already of the rung's size."""
        key = self._force or place % self._segment_frames == 0
        self._force = False
        frame.pict_type = PictureType.I if key else PictureType.NONE
        frame.pts = place
        frame.time_base = Fraction(1, self._fps)
        ticks = VIDEO_RATE // self._fps
        return [
            Picture(
                rung=self.size.name,
                dts=(packet.pts or 0) * ticks,
                duration=ticks,
                key=packet.is_keyframe,
                data=h264.length_prefixed(bytes(packet)),
            )
            for packet in self._codec.encode(frame)
        ]


def _repeats(size: RungSize, fps: int) -> list[bytes]:
    """Access units that say "as before", from an encoder that sees the same grey picture again and again."""
    codec = _codec(size, fps)
    frame = av.VideoFrame(size.width, size.height, "yuv420p")
    for plane in frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    coded = []
    for place in range(_CYCLE + 1):
        frame.pts, frame.time_base = place, Fraction(1, fps)
        coded += [h264.length_prefixed(bytes(packet)) for packet in codec.encode(frame)]
    return coded[1:]  # behind the IDR access unit


def _codec(size: RungSize, fps: int) -> av.VideoCodecContext:
    codec = av.VideoCodecContext.create("libx264", "w")
    codec.width, codec.height = size.width, size.height
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, fps)
    codec.framerate = Fraction(fps)
    codec.thread_count = 1
    codec.flags |= av.codec.context.Flags.global_header
    codec.options = {
        "preset": "superfast" if size.height > 480 else "veryfast",
        "tune": "zerolatency",
        "profile": "high",
        "crf": "23",
        "forced-idr": "1",
        # A segment of a second holds at most what a second gives and what the buffer holds: 1.25 times the peak.
        "maxrate": str(size.bitrate),
        "bufsize": str(size.bitrate // 4),
        "x264-params": "keyint=infinite:scenecut=0:bframes=0:ref=1",
    }
    return codec
