"""The export of a take that real encoders made and the real packager cut."""

import errno
from pathlib import Path

import av
import pytest
import structlog

from amphitheatre.contract.room_plan import Profile
from amphitheatre.media.encode.rung import RungEncoder
from amphitheatre.media.encode.spec import RungSize
from amphitheatre.media.package import cmaf
from amphitheatre.media.package.grid import SoundGrid
from amphitheatre.media.package.rendition import Rendition
from amphitheatre.media.record.export import NothingKept, export
from amphitheatre.media.record.recorder import Recorder
from amphitheatre.media.record.take import Take, TakeInfo
from amphitheatre.media.unit import AAC_FRAME
from tests.media.coded import GRID, frame, pictures, sounds

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
        for coded_sound in frames:
            track.push(coded_sound.dts // AAC_FRAME, coded_sound.data, key=True)
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


def _recorded(folder: Path, *sizes: tuple[int, int]) -> Take:
    """A take of one view, a second of each size, and a language of which nothing was kept."""
    info = TakeInfo(
        epoch=1_700_000_000.0, began=1_700_000_100.0, profile=Profile.FAST, languages=LANGUAGES, floor="en"
    )
    take = Take(folder / "takes" / "two", info)
    failures: list[OSError] = []
    recorder = Recorder(failures.append, keep_segments=None)
    view: Rendition | None = None
    for number, (width, height) in enumerate(sizes):
        encoder = RungEncoder(RungSize("48p", width, height, 120_000), GRID.fps, GRID.segment_frames)
        init = cmaf.video_init(encoder.format.avcc, width, height)
        if view is None:
            info.pictures["main"] = [encoder.format]
            view = Rendition(GRID, FIRST, float, recorder.track(take.picture_folder("main", "48p")), init)
        view.change_format(init)
        for k in range(GRID.segment_frames):
            place = GRID.first_of_segment(FIRST + number) + k
            for picture in encoder.encode(frame(20 + 8 * k, width, height), place):
                view.push(place, picture.data, key=picture.key)
    info.sounds["fr"] = sounds("fr", 0, 1)[0]
    recorder.close()
    take.save()
    assert not failures
    return take


def test_parameter_sets_that_change_in_a_take_go_with_the_pictures_that_need_them(tmp_path: Path) -> None:
    take = _recorded(tmp_path, (64, 48), (96, 64), (64, 48))
    with av.open(str(export(take, lambda share: None))) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.codec_tag == "avc3"
        shown = [
            (f.width, f.height, round(float(f.to_ndarray()[:48].mean()))) for f in container.decode(stream)
        ]
    assert [size[:2] for size in shown] == [(64, 48)] * 25 + [(96, 64)] * 25 + [(64, 48)] * 25
    assert all(abs(light - (20 + 8 * (k % 25))) < 6 for k, (_, _, light) in enumerate(shown))


def test_a_track_of_which_nothing_was_kept_is_left_out_and_the_file_says_so(tmp_path: Path) -> None:
    take = _recorded(tmp_path, (64, 48))
    with structlog.testing.capture_logs() as logs:
        path = export(take, lambda share: None)
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        assert container.streams.video[0].codec_context.codec_tag == "avc1"
        assert container.metadata["comment"] == "Nothing was kept of: Français"
    assert {"event": "export.without", "take": "two", "tracks": ["Français"], "log_level": "warning"} in logs


def test_a_take_of_which_nothing_was_kept_has_no_export(tmp_path: Path) -> None:
    take = _recorded(tmp_path)
    with pytest.raises(NothingKept):
        export(take, lambda share: None)
    assert not (take.path / "export.mp4").exists()


def test_a_camera_that_came_later_stands_in_the_file_at_its_time_and_cuts_nothing_off(tmp_path: Path) -> None:
    take = _recorded(tmp_path, *[(64, 48)] * 14)
    form, coded = pictures(GRID.first_of_segment(FIRST + 12), GRID.segment_frames * 2)
    take.info.pictures["late"] = [form]
    failures: list[OSError] = []
    recorder = Recorder(failures.append, keep_segments=None)
    init = cmaf.video_init(form.avcc, form.width, form.height)
    late = Rendition(GRID, FIRST + 12, float, recorder.track(take.picture_folder("late", form.rung)), init)
    for picture in coded:
        late.push(picture.dts // GRID.ticks, picture.data, key=picture.key)
    recorder.close()
    with av.open(str(export(take, lambda share: None))) as container:
        shown = {
            stream.metadata["handler_name"]: [frame.time for frame in _frames(container, stream.index)]
            for stream in container.streams.video
        }
    assert (len(shown["main"]), shown["main"][0]) == (14 * GRID.segment_frames, 0.0)
    assert len(shown["late"]) == 2 * GRID.segment_frames
    assert shown["late"][0] == pytest.approx(12.0, abs=0.01)


def _frames(container: av.container.InputContainer, stream: int) -> list[av.VideoFrame]:
    container.seek(0)
    return [
        frame for frame in container.decode(container.streams[stream]) if isinstance(frame, av.VideoFrame)
    ]
