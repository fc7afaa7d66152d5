import pytest

from amphitheatre.media.rtc.lipsync import LipSync, RtpClock

NTP_SECOND = 1 << 32


def test_the_first_timestamp_is_placed_where_it_arrived() -> None:
    clock = RtpClock(90_000)
    assert clock.seconds(123_456, 1, 50.0) == pytest.approx(50.0)
    assert clock.seconds(123_456 + 3000, 1, 50.9) == pytest.approx(50.0 + 1 / 30)


def test_timestamps_go_on_where_they_wrap_and_may_step_back() -> None:
    clock = RtpClock(90_000)
    start = (1 << 32) - 3000
    assert clock.seconds(start, 1, 0.0) == pytest.approx(0.0)
    assert clock.seconds(3000, 1, 0.1) == pytest.approx(2 / 30)
    assert clock.seconds(0, 1, 0.1) == pytest.approx(1 / 30)


def test_a_new_stream_is_placed_anew() -> None:
    clock = RtpClock(48_000)
    clock.seconds(1000, 1, 10.0)
    assert clock.seconds(99, 2, 12.0) == pytest.approx(12.0)


def both(late_picture: float) -> LipSync:
    """Picture and sound of one moment, of which the picture took `late_picture` seconds longer to come."""
    sync = LipSync()
    sync.video.seconds(900_000, 1, 100.0 + late_picture)
    sync.audio.seconds(4_800_000, 2, 100.0)
    return sync


def test_the_picture_is_moved_to_the_sound_once_both_have_reported() -> None:
    sync = both(late_picture=0.12)
    sync.video.report(900_000, 1, 5000 * NTP_SECOND)
    sync.align()
    assert sync.video.seconds(900_000, 1, 0) == pytest.approx(100.12)
    sync.audio.report(4_800_000 - 48_000, 2, 4999 * NTP_SECOND)
    sync.align()
    assert sync.video.seconds(900_000, 1, 0) == pytest.approx(100.0)
    assert sync.audio.seconds(4_800_000, 2, 0) == pytest.approx(100.0)


def test_reports_of_two_different_clocks_are_not_believed() -> None:
    sync = both(late_picture=0.12)
    sync.video.report(900_000, 1, 5000 * NTP_SECOND)
    sync.audio.report(4_800_000, 2, 9000 * NTP_SECOND)
    sync.align()
    assert sync.disagreements == 1
    assert sync.video.seconds(900_000, 1, 0) == pytest.approx(100.12)


def test_reports_without_a_clock_or_of_another_stream_are_ignored() -> None:
    sync = both(late_picture=0.12)
    sync.video.report(900_000, 1, 0)
    sync.video.report(900_000, 77, 5000 * NTP_SECOND)
    assert sync.video.wall is None
