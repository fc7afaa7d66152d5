"""The export of a take that real encoders made and the real packager cut."""

import errno

import av
import pytest

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import SoundGrid
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.record.export import export
from amphitheatre.media.record.recorder import Recorder
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.unit import AAC_FRAME
from tests.media.coded import GRID, pictures, sounds

FIRST = 100  # segment of one second
SECONDS = 3
LANGUAGES = {"fr": "Français", "zh-Hans": "中文", "en": "English"}


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Take:
    """Three seconds of a view and three languages; the sounds begin a second before the picture."""
    info = TakeInfo(
        epoch=1_700_000_000.0,
        began=1_700_000_100.0,
        profile=Profile.FAST,
        labels={"main": {"en": "Camera"}},
        languages=LANGUAGES,
        floor="zh-Hans",
    )
    take = Take(tmp_path_factory.mktemp("room") / "takes" / "one", info)
    failures: list[OSError] = []
    recorder = Recorder(failures.append, keep_segments=None)
    form, coded = pictures(GRID.first_of_segment(FIRST), GRID.segment_frames * SECONDS)
    info.pictures["main"] = [form]
    sink = recorder.track(take.picture_folder("main", form.rung))
    init = cmaf.video_init(form.avcc, form.width, form.height)
    view = Rendition(GRID, FIRST, float, sink, init)
    for picture in coded:
        view.push(picture.dts // GRID.ticks, picture.data, key=picture.key)
    grid = SoundGrid(Profile.FAST)
    first = grid.first_of_segment(FIRST - 1)
    for tag in LANGUAGES:
        sound, frames = sounds(tag, first + 1, grid.first_of_segment(FIRST + SECONDS) - first + 2)
        info.sounds[tag] = sound
        init = cmaf.sound_init(sound.asc, sound.bitrate, tag)
        track = Rendition(grid, FIRST - 1, float, recorder.track(take.sound_folder(tag)), init, sound.silence)
        for frame in frames:
            track.push(frame.dts // AAC_FRAME, frame.data, key=True)
    recorder.close()
    take.save()
    assert not failures
    return take


def test_every_view_and_every_language_is_a_named_track_and_the_floor_is_the_first_sound(take: Take) -> None:
    told: list[float] = []
    with av.open(str(export(take, told.append))) as container:
        tracks = [(s.type, s.metadata["language"], s.metadata["handler_name"]) for s in container.streams]
    assert tracks == [
        ("video", "und", "Camera"),
        ("audio", "zho", "中文"),
        ("audio", "fra", "Français"),
        ("audio", "eng", "English"),
    ]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_all_of_it_decodes_and_begins_with_picture_and_sound_together(take: Take) -> None:
    with av.open(str(export(take, lambda share: None))) as container:
        assert len(list(container.decode(video=0))) == GRID.segment_frames * SECONDS
        for stream in container.streams:
            container.seek(0)
            frames = list(container.decode(stream))
            assert abs(frames[0].time) < 0.05
            assert abs(frames[-1].time - SECONDS) < 0.1


def test_pictures_are_copied_bit_by_bit(take: Take) -> None:
    _, coded = pictures(GRID.first_of_segment(FIRST), GRID.segment_frames * SECONDS)
    with av.open(str(export(take, lambda share: None))) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    assert packets == [picture.data for picture in coded]


def test_an_export_that_fails_leaves_the_one_before(take: Take) -> None:
    before = export(take, lambda share: None).read_bytes()

    def full(share: float) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export(take, full)
    assert (take.path / "export.mp4").read_bytes() == before
