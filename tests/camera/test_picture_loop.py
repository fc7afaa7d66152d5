from pathlib import Path

import numpy as np
import pytest

from amphitheatre.camera import coded_loop, picture_loop, scene
from amphitheatre.camera.errors import CacheError
from amphitheatre.camera.loop_reader import LoopReader, planes
from tests.camera.conftest import FPS, HEIGHT, WIDTH


@pytest.fixture
def loop(data: Path) -> coded_loop.CodedLoop:
    return coded_loop.read(picture_loop.path("laparoscope", WIDTH, HEIGHT, FPS))


def luma(reader: LoopReader, index: int) -> np.ndarray:
    return planes(reader.frame(index))[0].astype(int)


def test_it_holds_every_frame_and_a_way_in_each_second(loop: coded_loop.CodedLoop) -> None:
    assert len(loop.packets) == scene.LOOP_SECONDS * FPS
    assert loop.keys == list(range(0, len(loop.packets), FPS))


def test_frames_are_the_same_in_any_order(loop: coded_loop.CodedLoop) -> None:
    straight, jumping = LoopReader(loop), LoopReader(loop)
    wanted = {index: luma(straight, index).copy() for index in range(90) if index in (3, 26, 27, 80)}
    for index in (80, 3, 27, 26):
        assert np.array_equal(luma(jumping, index), wanted[index])


def test_the_coded_loop_has_no_seam(loop: coded_loop.CodedLoop) -> None:
    reader, count = LoopReader(loop), len(loop.packets)
    last, first, second = (luma(reader, index).copy() for index in (count - 1, count, count + 1))
    assert np.abs(first - last).mean() < 2 * np.abs(second - first).mean() + 1


def test_a_damaged_loop_is_deleted_so_that_it_is_drawn_anew(tmp_path: Path) -> None:
    damaged = tmp_path / "laparoscope-1.loop"
    damaged.write_bytes(b"\x93half")
    with pytest.raises(CacheError, match="damaged"):
        coded_loop.read(damaged)
    assert not damaged.exists()


def test_an_older_drawing_makes_room(tmp_path: Path) -> None:
    loop = coded_loop.CodedLoop(b"", 30, [b"a"], [0])
    older, other, newer = (
        tmp_path / name for name in ("voice-en-0.loop", "voice-en-marks-0.loop", "voice-en-1.loop")
    )
    for target in (older, other, newer):
        coded_loop.write(target, loop)
    assert not older.exists()
    assert other.exists()
    assert coded_loop.read(newer) == loop
