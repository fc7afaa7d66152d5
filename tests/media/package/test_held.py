"""A held picture in real H.264: it is shown as it was, and needs no more bits than the picture itself did."""

import io

import av
import numpy as np
import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.encode.rung import RungEncoder
from amphitheatre.media.encode.spec import RungSize
from amphitheatre.media.errors import RuleBroken
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import VideoGrid
from amphitheatre.media.package.held import HeldPicture
from amphitheatre.media.package.rendition import Rendition
from tests.media.package.kept import EPOCH, Kept

SIZE = RungSize("240p", 426, 240, 220_000)


def noise(seed: int) -> av.VideoFrame:
    """A picture that takes an encoder all its bits."""
    dice = np.random.default_rng(seed)
    return av.VideoFrame.from_ndarray(dice.integers(16, 235, (360, 426), np.uint8), format="yuv420p")


def live_then_held(grid: VideoGrid, frames: int, until: int) -> Kept:
    """So many frames of a source, then none up to the frame `until`."""
    encoder, sink = RungEncoder(SIZE, grid.fps, grid.segment_frames), Kept()
    form = encoder.format
    init = cmaf.video_init(form.avcc, form.width, form.height)
    rendition = Rendition(grid, 0, lambda at: EPOCH + at, sink, init, repeats=form.repeats)
    for place in range(frames):
        for picture in encoder.encode(noise(place), place):
            rendition.push(place, picture.data, key=picture.key)
    rendition.hold(until)
    return sink


def shown(sink: Kept) -> list[np.ndarray]:
    data = sink.inits["init.mp4"] + b"".join(data for _, data in sink.parts)
    with av.open(io.BytesIO(data)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("frames", [1, 13, 26, 47])
def test_the_last_picture_stays_until_the_segment_ends_and_every_next_one_begins_with_the_last_idr(
    profile: Profile, frames: int
) -> None:
    grid = VideoGrid(profile, 30)
    until = 3 * grid.segment_frames
    sink = live_then_held(grid, frames, until)
    pictures = shown(sink)
    last_key = (frames - 1) // grid.segment_frames * grid.segment_frames
    live, held = pictures[:frames], pictures[frames:]
    first_segment = (frames - 1) // grid.segment_frames
    own = [line for line, _ in sink.parts if line.held and line.segment == first_segment]
    assert own
    assert all(np.array_equal(picture, live[-1]) for picture in held[: len(own)])
    assert all(np.array_equal(picture, live[last_key]) for picture in held[len(own) :])
    for line, _ in sink.parts:
        assert line.ticks <= grid.part_frames * grid.ticks
        assert (line.key_size > 0) == (line.part == 0)


def test_a_held_rendition_stays_below_its_declared_peak() -> None:
    grid = VideoGrid(Profile.FAST, 30)
    sink = live_then_held(grid, 95, 300)
    held = [len(data) for line, data in sink.parts if line.held and line.segment >= 4]
    assert len(held) == 30
    for second in range(6):
        assert sum(held[second * 5 : second * 5 + 5]) * 8 <= SIZE.bitrate
    assert max(held[1:5]) < 250  # boxes, and next to nothing in them


def test_where_it_is_not_known_how_many_came_before_it_begins_with_the_idr() -> None:
    held = HeldPicture([b"again-1", b"again-2"])
    held.found(b"idr")
    samples = [held.sample(3000, begins_segment=False) for _ in range(4)]
    assert [(sample.data, sample.key) for sample in samples] == [
        (b"idr", True),
        (b"again-1", False),
        (b"again-2", False),
        (b"again-1", False),
    ]


def test_with_nothing_to_repeat_there_is_nothing_to_hold() -> None:
    held = HeldPicture([b"again"])
    assert not held.ready
    held.pushed(b"p", key=False)
    with pytest.raises(RuleBroken):
        held.sample(3000, begins_segment=True)
