"""What the technician sees, from sounds and pictures of which everything is known."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
import pytest

from amphitheatre.contract.room_state import SourceReport
from amphitheatre.media.ingest.arrival import SoundIn
from amphitheatre.media.ingest.meter import Meter


class Stage:
    """A meter, the hand of its clock, and what is shown to it."""

    def __init__(self, source: str = "views/main") -> None:
        self.now = 50.0
        self.meter = Meter(source, now=lambda: self.now)
        self._at = 0
        self._phase = 0

    def hear(self, seconds: float, level: float, hertz: int = 997) -> SourceReport:
        """A tone in both channels; level: dBFS of its peak. A report a second, the last one is returned."""
        report = self.meter.report()
        for _ in range(round(seconds * 10)):
            index = np.arange(self._at, self._at + 4800)
            amplitude = 32_768 * 10 ** (level / 20)
            wave = np.clip(np.sin(2 * np.pi * hertz * index / 48_000) * amplitude, -32_768, 32_767)
            samples = np.repeat(wave.astype(np.int16), 2).tobytes()
            self.meter.sound(SoundIn(self._at, samples), sample_rate=44_100, channels=1)
            self._at += 4800
            self.now += 0.1
            if self._at % 48_000 == 0:
                report = self.meter.report()
        return report

    def show(self, frames: Iterator[av.VideoFrame], rate: float = 30) -> SourceReport:
        for frame in frames:
            self.now += 1 / rate
            self.meter.picture(frame, self.now, self.now + 0.02)
        return self.meter.report()


def _grey(luma: int, count: int) -> Iterator[av.VideoFrame]:
    for _ in range(count):
        picture = np.full((270, 320), 128, np.uint8)
        picture[:180] = luma
        yield av.VideoFrame.from_ndarray(picture, format="yuv420p")


def _moving(count: int) -> Iterator[av.VideoFrame]:
    for number in range(count):
        picture = np.full((270, 320), 128, np.uint8)
        picture[:180] = (np.arange(320) + number * 3) % 200 + 20
        yield av.VideoFrame.from_ndarray(picture, format="yuv420p")


@pytest.mark.parametrize("level", [-6.0, -23.0, -40.0])
def test_loudness_is_that_of_ebu_tech_3341(level: float) -> None:
    """Its minimum requirement 1: a 997 Hz tone in both channels reads as its peak, ± 0.1 LU."""
    report = Stage().hear(2.0, level)
    assert report.loudness_momentary == pytest.approx(level, abs=0.15)
    assert report.peak == pytest.approx(level, abs=0.1)
    assert (report.sample_rate, report.channels) == (44_100, 1)


def test_silence_shows_after_two_seconds_and_goes_with_the_first_word() -> None:
    stage = Stage()
    assert not stage.hear(1.0, -20).silent
    assert not stage.hear(2.0, -90).silent
    silent = stage.hear(1.0, -90)
    assert silent.silent
    assert "silence" in silent.hints
    assert not stage.hear(1.0, -20).silent


def test_a_sound_that_stops_altogether_is_silence_too() -> None:
    stage = Stage()
    stage.hear(1.0, -20)
    stage.now += 3
    report = stage.meter.report()
    assert report.silent
    assert report.loudness_momentary is None


def test_clipping() -> None:
    stage = Stage()
    assert not stage.hear(1.0, -1.0).clipping
    loud = stage.hear(1.0, 6.0)
    assert loud.clipping
    assert "clipping" in loud.hints
    assert loud.peak == pytest.approx(0, abs=0.01)
    assert not stage.hear(1.0, -20.0).clipping


def test_a_sound_that_is_too_quiet() -> None:
    assert "too-quiet" in Stage().hear(6.0, -45).hints
    assert "too-quiet" not in Stage().hear(6.0, -25).hints


def test_a_moving_picture() -> None:
    stage = Stage()
    stage.meter.connected("whip")
    stage.meter.described("picture", "h264")
    report = stage.show(_moving(150), rate=25)
    assert (report.protocol, report.codec, report.width, report.height) == ("whip", "h264", 320, 180)
    assert report.frame_rate == pytest.approx(25, abs=0.01)
    assert report.late == pytest.approx(0.02, abs=0.001)
    assert not report.black
    assert not report.frozen
    assert report.hints == ["no-sound"]


def test_a_black_picture() -> None:
    stage = Stage()
    assert not stage.show(_grey(16, 20)).black
    report = stage.show(_grey(16, 40))
    assert report.black
    assert "black" in report.hints
    assert not stage.show(_moving(15)).black


def test_a_frozen_picture() -> None:
    stage = Stage()
    stage.show(_moving(60))
    assert not stage.show(_grey(90, 60)).frozen
    report = stage.show(_grey(91, 60))  # an encoder's noise
    assert report.frozen
    assert "frozen" in report.hints
    assert not stage.show(_moving(15)).frozen


def test_neither_picture_nor_sound() -> None:
    stage = Stage()
    assert stage.meter.report().hints == []
    stage.now += 4
    stage.meter.received(10)
    assert stage.meter.report().hints == ["no-picture", "no-sound"]
    voice = Stage("languages/fr")
    voice.now += 4
    voice.meter.received(10)
    assert voice.meter.report().hints == ["no-sound"]


def test_bitrate_and_key_frames() -> None:
    stage = Stage()
    for number in range(300):
        packet = av.Packet(bytes(5000))
        packet.pts, packet.dts, packet.time_base = number * 40, number * 40, Fraction(1, 1000)
        packet.is_keyframe = number % 50 == 0
        stage.meter.packet("picture", packet)
        stage.now += 0.04
        if number % 25 == 24:
            report = stage.meter.report()
    assert report.bitrate == pytest.approx(1_000_000, rel=0.01)
    assert report.keyframe_distance == pytest.approx(2.0)


def test_hints_of_trouble_go_when_it_has_passed() -> None:
    stage = Stage()
    stage.meter.dropped(3)
    stage.meter.mapping(1, 12.5, 0.5)
    report = stage.meter.report()
    assert (report.dropped, report.mended, report.drift_ppm) == (3, 1, 12.5)
    assert report.hints == ["sound-late", "drops", "timestamps-mended"]
    stage.now += 31
    stage.meter.mapping(1, 12.5, 0.0)
    assert not {"drops", "timestamps-mended", "sound-late"} & set(stage.meter.report().hints)


def test_a_stall_shows_as_no_data_and_nothing_a_second_and_goes_with_the_next_picture() -> None:
    stage = Stage()
    stage.meter.received(100_000)
    assert stage.show(_moving(60)).frame_rate == pytest.approx(30)
    for _ in range(4):
        stage.now += 1.0
        report = stage.meter.report()
    assert (report.bitrate, report.frame_rate, report.hints) == (0.0, 0.0, ["no-data"])
    stage.meter.received(100_000)
    report = stage.show(_moving(60))
    assert report.frame_rate == pytest.approx(30)
    assert "no-data" not in report.hints


def test_a_source_that_has_sent_nothing_yet_has_no_figures() -> None:
    stage = Stage()
    stage.now += 5.0
    report = stage.meter.report()
    assert (report.bitrate, report.frame_rate, report.hints) == (None, None, ["no-data"])


def test_a_slow_machine_is_told_from_a_slow_line() -> None:
    packet = av.Packet(b"1234")
    line, machine = Stage(), Stage()
    line.meter.packet("picture", packet, waited=0.01)
    machine.meter.packet("picture", packet, waited=1.2)
    for stage in (line, machine):
        stage.meter.picture(next(_moving(1)), stage.now - 1.3, stage.now)
        stage.meter.left_out(False)
    assert {"overloaded", "network-late"} & set(line.meter.report().hints) == {"network-late"}
    assert {"overloaded", "network-late"} & set(machine.meter.report().hints) == {"overloaded"}
    assert machine.meter.report().dropped == 1
    machine.now += 31
    machine.meter.packet("picture", packet)
    assert "overloaded" not in machine.meter.report().hints
