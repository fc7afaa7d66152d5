from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from amphitheatre.camera import clock_strip

NOW = 1_794_556_800_123
times = st.integers(0, (1 << clock_strip.TIME_BITS) - 1)


def picture(milliseconds: int, width: int = 1280, height: int = 720) -> NDArray[np.uint8]:
    luma = np.full((height, width), 16, np.uint8)
    clock_strip.draw(luma, milliseconds)
    return luma


@given(times)
def test_a_time_comes_back(milliseconds: int) -> None:
    assert clock_strip.decode(picture(milliseconds)) == milliseconds


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (854, 480), (640, 360), (3840, 2160)])
def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    assert clock_strip.decode(picture(NOW, *size)) == NOW


def test_the_documented_place_is_the_place() -> None:
    luma = np.zeros((720, 1280), np.uint8)
    clock_strip.draw(luma, NOW)
    rows, columns = np.nonzero(luma)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (640, 703, 16, 207)


@given(times, st.integers(0, 47))
def test_one_wrong_block_is_noticed(milliseconds: int, block: int) -> None:
    luma = picture(milliseconds)
    row, column = divmod(block, clock_strip.COLUMNS)
    part = luma[640 + 16 * row : 656 + 16 * row, 16 + 16 * column : 32 + 16 * column]
    part[...] = clock_strip.DARK + clock_strip.BRIGHT - part
    assert clock_strip.decode(luma) is None


@pytest.mark.parametrize("level", [0, 16, 128, 235])
def test_an_even_picture_is_no_time(level: int) -> None:
    assert clock_strip.decode(np.full((720, 1280), level, np.uint8)) is None


def test_all_dark_and_all_bright_blocks_fail_the_check() -> None:
    for word in (0, (1 << 48) - 1):
        assert clock_strip.checksum(word >> 6) != word & 63


def test_a_time_beyond_42_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="no time"):
        clock_strip.encode(1 << clock_strip.TIME_BITS)


def coded(frames: list[av.VideoFrame], bitrate: int) -> list[Any]:
    """Through x264 at a low rate and back."""
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.bit_rate = Fraction(1, 30), Fraction(30), bitrate
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency"}
    decoder: Any = av.CodecContext.create("h264", "r")
    packets = [packet for frame in frames for packet in encoder.encode(frame)] + encoder.encode(None)
    return [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)


def test_it_survives_the_240p_rung() -> None:
    """Scaled to 426 × 240 and coded at 200 kbit/s beside a picture that moves."""
    texture = np.random.default_rng(1).integers(60, 180, (25, 35), np.uint8).repeat(20, 0).repeat(20, 1)
    moments = [NOW + round(index * 1000 / 30) for index in range(45)]
    small = []
    for index, moment in enumerate(moments):
        luma = picture(moment)
        luma[100:600, 300:1000] = np.roll(texture, (2 * index, 5 * index), (0, 1))
        chroma = np.full((360, 1280), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.concatenate([luma, chroma]), format="yuv420p")
        scaled = frame.reformat(width=426, height=240)
        scaled.pts = index
        small.append(scaled)
    read = [clock_strip.decode(frame.to_ndarray()[:240]) for frame in coded(small, 200_000)]
    assert read == moments
