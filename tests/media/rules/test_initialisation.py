"""The reader against files written by FFmpeg, and against initialisation segments that are wrong."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from .boxes import BoxError, boxes
from .chunk import read_chunks
from .initialisation import Initialisation, read_initialisation
from .sample_bytes import edit_list, sound_init, video_init


def _split(data: bytes) -> tuple[Initialisation, bytes]:
    moof = next(box.start for box in boxes(data) if box.kind == "moof")
    body = b"".join(data[b.start : b.start + b.size] for b in boxes(data) if b.kind in ("moof", "mdat"))
    return read_initialisation(data[:moof]), body


def _film(width: int, height: int, profile: str) -> bytes:
    sink = io.BytesIO()
    with av.open(sink, "w", format="mp4", options={"movflags": "cmaf+frag_every_frame"}) as out:
        track = out.add_stream(
            "libx264", rate=25, options={"profile": profile, "bf": "0", "g": "5", "sc_threshold": "0"}
        )
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        for index in range(10):
            picture = np.full((height, width, 3), index, np.uint8)
            out.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(track.encode(None))
    return sink.getvalue()


@pytest.mark.parametrize(
    ("width", "height", "profile"), [(1920, 1080, "high"), (426, 240, "baseline"), (640, 360, "main")]
)
def test_real_video(width: int, height: int, profile: str) -> None:
    start, body = _split(_film(width, height, profile))
    assert start.kind == "vide"
    assert start.coded_size == start.entry_size == (width, height)
    assert start.codec.startswith({"high": "avc1.64", "baseline": "avc1.42", "main": "avc1.4D"}[profile])
    chunks = read_chunks(body, start)
    assert [chunk.samples[0].sync for chunk in chunks] == [index % 5 == 0 for index in range(10)]
    assert {Fraction(chunk.duration, start.timescale) for chunk in chunks} == {Fraction(1, 25)}


def test_real_sound() -> None:
    sink = io.BytesIO()
    with av.open(sink, "w", format="mp4", options={"movflags": "cmaf+frag_every_frame"}) as out:
        track = out.add_stream("aac", rate=48_000, layout="stereo")
        for index in range(5):
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            frame.sample_rate, frame.pts = 48_000, index * 1024
            out.mux(track.encode(frame))
        out.mux(track.encode(None))
    start, body = _split(sink.getvalue())
    assert (start.kind, start.codec, start.sample_rate, start.timescale) == (
        "soun",
        "mp4a.40.2",
        48_000,
        48_000,
    )
    assert {chunk.duration for chunk in read_chunks(body, start)} == {1024}


def test_an_edit_list_moves_the_presentation() -> None:
    assert read_initialisation(sound_init(edit_list(1024))).seconds(49_024) == 1
    with pytest.raises(BoxError, match="empty edit"):
        read_initialisation(sound_init(edit_list(-1)))


@pytest.mark.parametrize(
    "data", [b"", video_init()[:-1], video_init()[20:], video_init() * 2, video_init() + b"\0\0\0\x08mdat"]
)
def test_wrong_initialisation_is_refused(data: bytes) -> None:
    with pytest.raises(BoxError):
        read_initialisation(data)
