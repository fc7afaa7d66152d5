"""A view's loop: drawn and encoded once, then read frame by frame."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from amphitheatre.camera import coded_loop
from amphitheatre.camera.coded_loop import CodedLoop
from amphitheatre.camera.scene import LOOP_SECONDS, Planes, Scene, View

SOURCES = ("noise", "vessels", "tissue", "instruments", "scene", "picture_loop")
# Few bits are at stake, so the loop is coded well; `fastdecode` halves what reading it costs.
ENCODING = {
    "preset": "superfast",
    "tune": "fastdecode",
    "crf": "18",
    "bf": "0",
    "threads": "1",
    "sc_threshold": "0",
}


def path(view: View, width: int, height: int, fps: int) -> Path:
    return coded_loop.path(f"{view}-{width}x{height}-{fps}", SOURCES)


def draw(view: View, width: int, height: int, fps: int, progress: Callable[[float], None]) -> None:
    """Draws, encodes and keeps the loop. progress is told the share that is done, 0 to 1."""
    count = LOOP_SECONDS * fps
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, fps)
    encoder.framerate = Fraction(fps)
    encoder.gop_size = fps
    encoder.options = {**ENCODING, "keyint_min": str(fps)}
    packets: list[Any] = []
    for index, planes in enumerate(Scene(view, width, height).frames(count)):
        frame = av.VideoFrame(width, height, "yuv420p")
        fill(frame, planes)
        frame.pts = index
        packets += encoder.encode(frame)
        progress((index + 1) / count)
    packets += encoder.encode(None)
    keys = [index for index, packet in enumerate(packets) if packet.is_keyframe]
    loop = CodedLoop(encoder.extradata or b"", fps, [bytes(packet) for packet in packets], keys)
    coded_loop.write(path(view, width, height, fps), loop)


def planes(frame: av.VideoFrame) -> Planes:
    """The three planes of a YUV 4:2:0 frame as arrays that share its memory."""
    luma, blue, red = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]  # type: ignore[call-overload]  # a plane is a buffer
        for plane in frame.planes
    )
    return luma, blue, red


def fill(frame: av.VideoFrame, source: Planes) -> None:
    """Copies planes into a frame of the same size."""
    for target, plane in zip(planes(frame), source, strict=True):
        np.copyto(target, plane)


class LoopReader:
    """Frames of a loop by their index; cheap when they are asked for one after the other."""

    def __init__(self, loop: CodedLoop) -> None:
        self._loop = loop
        self._decoder: Any = None
        self._next = -1

    def __len__(self) -> int:
        return len(self._loop.packets)

    def frame(self, index: int) -> av.VideoFrame:
        """The frame `index`, counted on and on: the loop begins again at its end."""
        index %= len(self)
        if index != self._next and index not in self._loop.keys:
            self._next = max(key for key in self._loop.keys if key < index)
            self._restart()
            while self._next < index:
                self._decoded(self._next)
        elif index != self._next or self._decoder is None:
            self._restart()
        return self._decoded(index)

    def _restart(self) -> None:
        self._decoder = av.CodecContext.create("h264", "r")
        self._decoder.thread_count = 1
        self._decoder.flags |= 0x80000  # AV_CODEC_FLAG_LOW_DELAY: a packet in, its frame out

    def _decoded(self, index: int) -> av.VideoFrame:
        self._next = (index + 1) % len(self)
        (frame,) = self._decoder.decode(av.Packet(self._loop.packets[index]))
        return frame  # type: ignore[no-any-return]  # CodecContext.create is untyped
