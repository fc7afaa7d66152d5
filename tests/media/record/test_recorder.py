import errno
from pathlib import Path

import pytest

from amphitheatre.media.record import recorder as module
from amphitheatre.media.record.recorder import PROVEN_AFTER, RETRY_AFTER, Recorder, TrackRecorder
from amphitheatre.media.store import track_folder
from amphitheatre.media.store.track_folder import PartLine, lines


class Disk:
    """Full or not, and what time it is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.full = False
        self.now = 1000.0
        self.writes = 0
        write = track_folder._write_all

        def guarded(descriptor: int, data: bytes) -> None:
            self.writes += 1
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            write(descriptor, data)

        patch.setattr(track_folder, "_write_all", guarded)
        patch.setattr(module.time, "monotonic", lambda: self.now)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def write(track: TrackRecorder, segment: int, parts: range = range(3)) -> None:
    """Parts of a segment of three."""
    for part in parts:
        line = PartLine(
            segment=segment, part=part, offset=0, size=1, start=segment * 3 + part, ticks=1, last=part == 2
        )
        track.append(line, b"%d" % part)


def kept(path: Path) -> list[tuple[int, int]]:
    return [(line.segment, line.part) for line in lines(path)]


def new(path: Path, failures: list[OSError], keep: int | None = None) -> tuple[Recorder, TrackRecorder]:
    recorder = Recorder(failures.append, keep_segments=keep)
    track = recorder.track(path)
    track.init("init.mp4", b"init")
    return recorder, track


def test_nothing_is_written_before_the_first_part(tmp_path: Path, disk: Disk) -> None:
    recorder, track = new(tmp_path / "t", [])
    assert not (tmp_path / "t").exists()
    write(track, 0)
    recorder.close()
    assert (tmp_path / "t" / "init.mp4").read_bytes() == b"init"
    assert kept(tmp_path / "t") == [(0, 0), (0, 1), (0, 2)]


def test_a_full_disk_is_told_once_and_the_rest_of_the_segment_is_left_out(tmp_path: Path, disk: Disk) -> None:
    failures: list[OSError] = []
    recorder, track = new(tmp_path / "t", failures)
    write(track, 0)
    write(track, 1, range(1))
    disk.full = True
    write(track, 1, range(1, 2))
    disk.full = False
    disk.now += RETRY_AFTER + 1
    write(track, 1, range(2, 3))
    assert [error.errno for error in failures] == [errno.ENOSPC]
    assert recorder.stopped
    write(track, 2)
    assert recorder.stopped
    disk.now += PROVEN_AFTER
    write(track, 3, range(1))
    assert not recorder.stopped
    recorder.close()
    assert kept(tmp_path / "t") == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (2, 1), (2, 2), (3, 0)]


def test_a_small_write_that_fits_a_full_disk_does_not_end_the_warning(tmp_path: Path, disk: Disk) -> None:
    failures: list[OSError] = []
    recorder, track = new(tmp_path / "t", failures)
    for segment, full in enumerate((True, False, True, False, True)):
        disk.full = full
        write(track, segment)
        disk.now += PROVEN_AFTER / 2 if not full else RETRY_AFTER
        assert recorder.stopped
    assert len(failures) == 1
    recorder.close()


def test_a_full_disk_is_left_alone_for_a_while(tmp_path: Path, disk: Disk) -> None:
    failures: list[OSError] = []
    recorder, track = new(tmp_path / "t", failures)
    disk.full = True
    for segment in range(5):
        write(track, segment)
        disk.now += RETRY_AFTER / 10
    assert disk.writes == 1
    disk.now += RETRY_AFTER
    write(track, 5)
    assert disk.writes == 2
    assert len(failures) == 1
    recorder.close()


def test_the_second_failure_after_a_recovery_is_told_again(tmp_path: Path, disk: Disk) -> None:
    failures: list[OSError] = []
    recorder, track = new(tmp_path / "t", failures)
    for segment, full in enumerate((True, False, False, True)):
        disk.full = full
        write(track, segment)
        disk.now += RETRY_AFTER + 1
    assert len(failures) == 2
    recorder.close()


def test_a_failure_of_one_track_spares_the_disk_the_others(tmp_path: Path, disk: Disk) -> None:
    failures: list[OSError] = []
    recorder, track = new(tmp_path / "t", failures)
    other = recorder.track(tmp_path / "u")
    other.init("init.mp4", b"init")
    disk.full = True
    write(track, 0)
    write(other, 0)
    assert len(failures) == 1
    assert disk.writes == 1
    recorder.close()


def test_what_is_not_to_be_recorded_is_kept_for_a_few_segments_only(tmp_path: Path, disk: Disk) -> None:
    recorder, track = new(tmp_path / "t", [], keep=2)
    for segment in range(6):
        write(track, segment)
    recorder.close()
    assert sorted(path.name for path in (tmp_path / "t").glob("*.m4s")) == ["4.m4s", "5.m4s"]


def test_a_new_initialisation_segment_is_there_before_the_first_part_that_needs_it(
    tmp_path: Path, disk: Disk
) -> None:
    recorder, track = new(tmp_path / "t", [])
    write(track, 0)
    track.init("init-1.mp4", b"other")
    assert not (tmp_path / "t" / "init-1.mp4").exists()
    track.append(PartLine(segment=1, part=0, offset=0, size=1, start=3, ticks=1, map_uri="init-1.mp4"), b"x")
    recorder.close()
    assert (tmp_path / "t" / "init-1.mp4").read_bytes() == b"other"
