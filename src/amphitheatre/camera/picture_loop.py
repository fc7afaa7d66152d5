"""A view's loop: drawn and encoded once."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from amphitheatre.camera import coded_loop
from amphitheatre.camera.coded_loop import CodedLoop
from amphitheatre.camera.loop_reader import fill
from amphitheatre.camera.scene import LOOP_SECONDS, Scene, View

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
