"""What the multivariant playlist promises of a rung is true of real pictures that take all the bits they can get."""

import av
import numpy as np
import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.encode.rung import RungEncoder
from amphitheatre.media.encode.spec import RungSize
from amphitheatre.media.language.spec import BITRATE as SOUND_BITRATE
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import VideoGrid
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.record.take import TakeInfo
from amphitheatre.media.room.variants import render
from tests.media.package.kept import EPOCH, Kept
from tests.media.rules.multivariant import parse_multivariant

_SOUND = int(SOUND_BITRATE * 1.25)  # bits/s of the declared bandwidth


@pytest.mark.parametrize("profile", Profile)
def test_no_segment_passes_the_declared_bandwidth(profile: Profile) -> None:
    grid = VideoGrid(profile, 30)
    encoder = RungEncoder(RungSize("240p", 426, 240, 220_000), grid.fps, grid.segment_frames)
    form, sink, dice = encoder.format, Kept(), np.random.default_rng(1)
    init = cmaf.video_init(form.avcc, form.width, form.height)
    rendition = Rendition(grid, 0, lambda at: EPOCH + at, sink, init, repeats=form.repeats)
    scene = dice.integers(85, 158, (360, 1200), np.uint8)
    for place in range(8 * 30):
        if place % 120 < 60:  # an encoder saves bits here that it may spend in the segment behind
            canvas = np.full((360, 426), 128, np.uint8)
        else:
            canvas = np.ascontiguousarray(scene[:, place * 3 : place * 3 + 426])
        for picture in encoder.encode(av.VideoFrame.from_ndarray(canvas, format="yuv420p"), place):
            rendition.push(place, picture.data, key=picture.key)
    info = TakeInfo(epoch=0.0, began=0.0, profile=profile, pictures={"main": [form]})
    declared = parse_multivariant(render(info, "main", "{}")).variants[0].bandwidth - _SOUND
    seconds = grid.segment_frames / grid.fps
    sizes: dict[int, int] = {}
    for line, data in sink.parts:
        sizes[line.segment] = sizes.get(line.segment, 0) + len(data)
    assert len(sizes) >= 4
    assert max(sizes.values()) * 8 / seconds <= declared
