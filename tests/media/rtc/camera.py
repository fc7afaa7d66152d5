"""A synthetic encoder: pictures whose luma carries their number, coded as a view's units are, and a tone."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from amphitheatre.media.unit import Picture, PictureFormat, Sound

BITS = 16


def numbered(number: int, width: int = 320, height: int = 192, noise: bool = False) -> av.VideoFrame:
    """A grey picture with `number` in its top rows: sixteen squares, white for 1."""
    luma = np.full((height, width), 96, np.uint8)
    if noise:
        luma[height // 2 :] = np.random.default_rng(number).integers(60, 200, (height - height // 2, width))
    side = width // BITS
    for bit in range(BITS):
        luma[:side, bit * side : (bit + 1) * side] = 235 if number >> bit & 1 else 16
    chroma = np.full((height // 2, width), 128, np.uint8)
    frame = av.VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p")
    frame.pts = number
    frame.time_base = Fraction(1, 30)
    return frame


def number_in(frame: av.VideoFrame) -> int:
    """The number that `numbered` wrote."""
    luma = frame.to_ndarray(format="gray")
    side = frame.width // BITS
    return sum(
        1 << bit
        for bit in range(BITS)
        if luma[side // 4 : side * 3 // 4, bit * side + side // 4 : bit * side + side * 3 // 4].mean() > 128
    )


class Camera:
    """Encodes numbered pictures at 30 frames/s; an IDR each second, or when asked."""

    def __init__(
        self, width: int = 320, height: int = 192, bitrate: int = 400_000, noise: bool = False
    ) -> None:
        self.noise = noise
        self.width, self.height = width, height
        self._context = av.CodecContext.create("libx264", "w")
        self._context.width, self._context.height = width, height
        self._context.pix_fmt = "yuv420p"
        self._context.time_base = Fraction(1, 30)
        self._context.framerate = Fraction(30, 1)
        self._context.bit_rate = bitrate
        self._context.gop_size = 30
        self._context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "x264-params": "annexb=0:scenecut=0",
            "forced-idr": "1",
        }
        self._context.flags |= av.codec.context.Flags.global_header
        self._context.open()
        self.wants_key = False
        self.number = 0

    def format(self, rung: str = "192p") -> PictureFormat:
        extradata = bytes(self._context.extradata or b"")
        return PictureFormat(rung, avcc_record(extradata), self.width, self.height, 30, 400_000)

    def shoot(self, rung: str = "192p", first: int = 0) -> Picture:
        """The next picture. first: room time (90 kHz) of picture 0."""
        frame = numbered(self.number, self.width, self.height, self.noise)
        frame.pict_type = av.video.frame.PictureType.I if self.wants_key else av.video.frame.PictureType.NONE
        self.wants_key = False
        (packet,) = self._context.encode(frame)
        dts = first + self.number * 3000
        self.number += 1
        return Picture(rung, dts, 3000, packet.is_keyframe, without_parameter_sets(bytes(packet)))


def units(avcc: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(avcc):
        size = int.from_bytes(avcc[at : at + 4], "big")
        yield avcc[at + 4 : at + 4 + size]
        at += 4 + size


def without_parameter_sets(data: bytes) -> bytes:
    """As `unit.Picture` wants it."""
    kept = [nal for nal in units(data) if nal[0] & 0x1F not in (7, 8)]
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in kept)


def avcc_record(extradata: bytes) -> bytes:
    """An AVCDecoderConfigurationRecord of Annex B or ready-made extradata."""
    if extradata[:1] == b"\x01":
        return extradata
    nals = [
        nal for nal in extradata.replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").split(b"\x00\x00\x01") if nal
    ]
    sps = next(nal for nal in nals if nal[0] & 0x1F == 7)
    pps = next(nal for nal in nals if nal[0] & 0x1F == 8)
    head = bytes([1, *sps[1:4], 0xFF, 0xE1])
    return head + len(sps).to_bytes(2, "big") + sps + b"\x01" + len(pps).to_bytes(2, "big") + pps


def tone(at: int, samples: int, hertz: float = 440.0) -> Sound:
    """A sine of full continuity from room time 0."""
    wave = array("h")
    for n in range(at, at + samples):
        value = int(8000 * math.sin(2 * math.pi * hertz * n / 48_000))
        wave.extend((value, value))
    return Sound(at, wave.tobytes())
