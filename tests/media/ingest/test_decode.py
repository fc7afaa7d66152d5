"""What real encoders send, decoded and stamped. Arrivals are pretended, so a recorded minute takes a moment."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from amphitheatre.media.ingest.coded import Coded
from amphitheatre.media.ingest.rtmp_chunks import AUDIO, VIDEO
from tests.media.ingest.publisher import (
    AAC,
    BARS,
    H264,
    PLAIN,
    SOUND_LENGTH,
    TONE,
    Played,
    Received,
    SentTag,
    recorded,
    taken,
)

_BASELINE = ("-c:v", "libx264", "-profile:v", "baseline", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
_B_FRAMES = (
    "-c:v",
    "libx264",
    "-profile:v",
    "high",
    "-preset",
    "veryfast",
    "-bf",
    "3",
    "-pix_fmt",
    "yuv420p",
)
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p")
_TEN_BITS = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le", "-tune", "zerolatency")
_FIELDS = ("-vf", "interlace=lowpass=off", "-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ildct+ilme")
_UNSTEADY = ("-vf", "select=not(mod(n\\,7))+not(mod(n\\,5))", "-fps_mode", "vfr")

_SENT = {
    "H.264 baseline": (*BARS, *TONE, *_BASELINE, *AAC),
    "H.264 high with B-frames": (*BARS, *TONE, *_B_FRAMES, *AAC),
    "key frames 10 s apart": (*BARS, *TONE, *H264[:-1], "300", *AAC),
    "HEVC by enhanced RTMP": (*BARS, *TONE, *_HEVC, *AAC),
    "10 bits 4:2:2": (*BARS, *TONE, *_TEN_BITS, *AAC),
    "44.1 kHz mono": (*PLAIN, "-ar", "44100", "-ac", "1"),
    "48 kHz stereo": (*PLAIN, "-ar", "48000", "-ac", "2"),
    "5.1": (*PLAIN, "-ar", "48000", "-ac", "6"),
    "MP3": (*BARS, *TONE, *H264, "-c:a", "libmp3lame", "-ar", "44100"),
}


def _at_30(received: Received, count: int) -> bool:
    """Whether pictures stand a thirtieth of a second apart, but for FLV's rounding."""
    times = [at for at, _, _ in received.pictures]
    return len(times) == count and all(
        abs(after - before - 1 / 30) < 0.005 for before, after in itertools.pairwise(times)
    )


@pytest.mark.parametrize("name", _SENT)
def test_every_picture_and_all_the_sound_arrive(name: str) -> None:
    received = taken(Played(recorded(3.0, *_SENT[name])))
    assert received.end == "closed"
    assert _at_30(received, 90), received.pictures[:5]
    assert received.formats == {"yuv420p"}
    assert received.seconds_of_sound == pytest.approx(3.0, abs=0.1)
    assert received.gaps == []
    assert received.report is not None
    assert received.report.dropped == 0
    assert received.report.mended == 0


def test_what_the_technician_reads() -> None:
    seen = taken(Played(recorded(3.0, *_SENT["HEVC by enhanced RTMP"]))).report
    assert seen is not None
    assert (seen.codec, seen.audio_codec, seen.width, seen.height) == ("hevc", "aac", 320, 180)
    assert seen.frame_rate == pytest.approx(30, abs=0.1)
    assert "hevc" in seen.hints
    seen = taken(Played(recorded(3.0, *_SENT["5.1"]))).report
    assert seen is not None
    assert (seen.codec, seen.sample_rate, seen.channels) == ("h264", 48_000, 6)
    assert seen.keyframe_distance == pytest.approx(1.0, abs=0.01)
    assert "b-frames" not in seen.hints
    seen = taken(Played(recorded(3.0, *_SENT["H.264 high with B-frames"]))).report
    assert seen is not None
    assert "b-frames" in seen.hints


def test_key_frames_far_apart_are_told() -> None:
    report = taken(Played(recorded(11.0, *BARS, *H264[:-1], "300"))).report
    assert report is not None
    assert report.keyframe_distance == pytest.approx(10, abs=0.1)
    assert "keyframes-far-apart" in report.hints


def test_picture_and_sound_keep_their_distance() -> None:
    """Both streams have one mapping: the first sound belongs to the first picture."""
    received = taken(Played(recorded(3.0, *_SENT["48 kHz stereo"])))
    assert received.pictures[-1][0] == pytest.approx(received.sounds[-1].at / 48_000, abs=0.15)


def _came(tags: tuple[SentTag, ...]) -> list[float]:
    """Room times at which the pictures arrived."""
    return [tag.arrival - 100 for tag in tags if tag.kind == VIDEO and not tag.describes]


@pytest.mark.parametrize("sound", [(), (*TONE, *AAC, "-ar", "48000")], ids=["mute", "with sound"])
def test_a_picture_is_of_the_moment_it_came_with_sound_or_without(sound: tuple[str, ...]) -> None:
    """Else two cameras side by side are a frame of sound apart: it comes when it has been heard to its end."""
    tags = recorded(3.0, *BARS, *sound, *H264)
    assert [at for at, _, _ in taken(Played(tags)).pictures] == pytest.approx(_came(tags), abs=0.003)


class _Boasting(Played):
    """Some of its sounds claim to last a minute."""

    def packets(self) -> Iterator[Coded]:
        for number, coded in enumerate(super().packets()):
            if coded.track.kind == "sound" and 100 < number < 104:
                coded.packet.duration = 60_000
            yield coded


def test_a_sound_that_claims_to_last_a_minute_moves_nothing() -> None:
    tags = recorded(3.0, *BARS, *TONE, *AAC, "-ar", "48000", *H264)
    assert [at for at, _, _ in taken(_Boasting(tags)).pictures] == pytest.approx(_came(tags), abs=0.003)


def test_interlaced_pictures_become_whole_ones_at_their_own_rate() -> None:
    received = taken(Played(recorded(3.0, "-f", "lavfi", "-i", "testsrc2=size=320x192:rate=50", *_FIELDS)))
    times = [at for at, _, _ in received.pictures]
    assert len(times) >= 74  # 25 a second; the deinterlacer may keep the last one
    assert all(abs(after - before - 0.04) < 0.005 for before, after in itertools.pairwise(times))
    assert received.report is not None
    assert received.report.interlaced
    assert "interlaced" in received.report.hints


def test_a_variable_frame_rate_keeps_its_times() -> None:
    received = taken(Played(recorded(3.0, *BARS, *_UNSTEADY, *_BASELINE)))
    numbers = [n for n in range(90) if n % 7 == 0 or n % 5 == 0]
    times = [at for at, _, _ in received.pictures]
    assert len(times) == pytest.approx(len(numbers), abs=1)
    moments = [time - times[0] for time in times]
    assert moments == pytest.approx([n / 30 for n in numbers[: len(moments)]], abs=0.005)
    assert received.report is not None
    assert "frame-rate-unsteady" in received.report.hints


def test_no_sound_at_all() -> None:
    received = taken(Played(recorded(2.0, *BARS, *H264)))
    assert len(received.pictures) == 60
    assert received.sounds == []


def test_sound_alone() -> None:
    """The voice of an interpreter."""
    received = taken(Played(recorded(2.0, *TONE, *AAC)))
    assert received.pictures == []
    assert received.seconds_of_sound == pytest.approx(2.0, abs=0.1)


def _plain() -> tuple[SentTag, ...]:
    return recorded(3.0, *_SENT["48 kHz stereo"])


def test_sound_that_begins_late() -> None:
    late = [tag for tag in _plain() if tag.kind == VIDEO or tag.describes or tag.stamp > 1500]
    late.sort(key=lambda tag: (tag.kind == AUDIO and tag.describes and 1) or 0)  # described last
    late.sort(key=lambda tag: 1500 if tag.kind == AUDIO and tag.describes else tag.stamp)
    received = taken(Played(late))
    assert len(received.pictures) == 90
    assert received.sounds[0].at == pytest.approx(1.5 * 48_000, abs=0.1 * 48_000)
    assert received.gaps == []


def test_the_size_changes_in_the_middle() -> None:
    first = recorded(1.0, *BARS, *H264)
    second = recorded(1.0, "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", *H264)
    moved = [replace(tag, stamp=tag.stamp + 1000, arrival=tag.arrival + 1) for tag in second]
    received = taken(Played([*first, *moved]))
    assert [size for _, *size in received.pictures] == [[320, 180]] * 30 + [[640, 360]] * 30
    assert _at_30(received, 60)


@pytest.mark.parametrize("jump", [-60_000, 3_600_000, 2**32 - 2000])
def test_timestamps_that_jump_or_wrap_leave_no_mark(jump: int) -> None:
    """From the middle on all timestamps are `jump` ms off; a wrap is a jump of 2**32 − 2 s seen from its other side."""
    wraps = jump > 2**31
    tags = [
        replace(
            tag, stamp=tag.stamp + (jump if wraps or tag.stamp >= 1500 else 0) + (0 if wraps else 100_000)
        )
        for tag in _plain()
    ]
    received = taken(Played(tags))
    assert len(received.pictures) == 90
    times = [at for at, _, _ in received.pictures]
    assert all(0 < after - before < 0.07 for before, after in itertools.pairwise(times))
    assert all(abs(gap) < 0.05 * 48_000 for gap in received.gaps)
    assert received.report is not None
    assert received.report.mended >= 1
    assert "timestamps-mended" in received.report.hints


def test_a_gap_in_the_sound_stays_a_gap() -> None:
    tags = [
        tag for tag in _plain() if not (tag.kind == AUDIO and not tag.describes and 1000 < tag.stamp < 1400)
    ]
    received = taken(Played(tags))
    assert len(received.gaps) == 1
    assert received.gaps[0] == pytest.approx(0.4 * 48_000, abs=0.03 * 48_000)


def test_sound_of_a_drifting_clock_is_squeezed_without_a_seam() -> None:
    """The encoder's clock runs 500 ppm fast: in half a minute it sends 15 ms of sound too much."""
    tags = [
        replace(tag, arrival=100 + SOUND_LENGTH + tag.stamp / 1000.5) for tag in recorded(30.0, *TONE, *AAC)
    ]
    received = taken(Played(tags))
    assert received.gaps == []
    passed = tags[-1].arrival - tags[1].arrival + SOUND_LENGTH
    assert received.seconds_of_sound == pytest.approx(passed, abs=0.0045)
    wave = np.frombuffer(b"".join(sound.samples for sound in received.sounds), np.int16)[::2].astype(float)
    steepest = np.abs(np.diff(wave[4800:-4800])).max()  # without the tone's own begin and end
    assert steepest < 1.1 * wave.max() * 2 * np.pi * 1000 / 48_000  # a click would be steeper than the tone


def test_unknown_sound_leaves_the_picture() -> None:
    strange = [replace(tag, body=b"\xb2" + tag.body[1:]) if tag.kind == AUDIO else tag for tag in _plain()]
    received = taken(Played(strange))
    assert len(received.pictures) == 90
    assert received.sounds == []
    assert received.end == "closed"


def test_an_unknown_picture_ends_the_source_and_says_so() -> None:
    strange = [replace(tag, body=b"\x14" + tag.body[1:]) if tag.kind == VIDEO else tag for tag in _plain()]
    assert taken(Played(strange)).end == "codec-unknown"


def test_corrupt_packets_are_counted_and_the_rest_is_seen() -> None:
    tags = [
        replace(tag, body=tag.body[:5] + bytes(b ^ 0x5A for b in tag.body[5:]))
        if 1000 < tag.stamp < 1300
        else tag
        for tag in _plain()
    ]
    received = taken(Played(tags))
    assert received.end == "closed"
    assert received.report is not None
    assert received.report.dropped > 0
    assert "drops" in received.report.hints
    assert received.pictures[-1][0] == pytest.approx(received.pictures[0][0] + 89 / 30, abs=0.05)
