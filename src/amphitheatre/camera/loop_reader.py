"""A view's loop, read frame by frame."""

from typing import Any

import av
import numpy as np

from amphitheatre.camera.coded_loop import CodedLoop
from amphitheatre.camera.scene import Planes


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
        self._next = 0
        self._decoder: Any = av.CodecContext.create("h264", "r")
        self._decoder.thread_count = 1
        self._decoder.flags |= 0x80000  # AV_CODEC_FLAG_LOW_DELAY: a packet in, its frame out

    def __len__(self) -> int:
        return len(self._loop.packets)

    def frame(self, index: int) -> av.VideoFrame:
        """The frame `index`, counted on and on: the loop begins again at its end."""
        index %= len(self)
        start = max(key for key in self._loop.keys if key <= index)
        if not start <= self._next <= index:
            self._next = start
        while self._next < index:
            self._decoded(self._next)
        return self._decoded(index)

    def _decoded(self, index: int) -> av.VideoFrame:
        self._next = index + 1
        (frame,) = self._decoder.decode(av.Packet(self._loop.packets[index]))
        return frame  # type: ignore[no-any-return]  # CodecContext.create is untyped
