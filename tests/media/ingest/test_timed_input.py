"""The byte stream that remembers when each byte came."""

import os
import time

import av
import pytest

from amphitheatre.media.ingest import container
from amphitheatre.media.ingest.timed_input import TimedInput
from tests.media.ingest.publisher import BARS, H264, ffmpeg


def test_a_packet_has_the_arrival_of_its_own_first_byte(tmp_path: os.PathLike[str]) -> None:
    """Half of the stream comes later, and all of it before the first packet is asked for."""
    path = os.path.join(tmp_path, "a.ts")
    assert ffmpeg(*BARS, *H264, "-t", "1", "-f", "mpegts", path).wait(60) == 0
    with open(path, "rb") as file:
        stream = file.read()
    reading, writing = os.pipe()
    timed = TimedInput(reading, 1.0)
    half = len(stream) // 2
    pieces: list[bytes] = []

    def send(part: bytes) -> None:
        for start in range(0, len(part), 4096):
            os.write(writing, part[start : start + 4096])
            pieces.append(timed.read(4096))

    send(stream[:half])
    middle = time.monotonic()
    send(stream[half:])
    os.close(writing)
    pieces.append(timed.read(4096))

    class Replayed:
        def read(self, _size: int) -> bytes:
            return pieces.pop(0) if pieces else b""

    with container.open_container(Replayed(), format="mpegts") as opened:
        coded = list(container.packets(opened, container.tracks(opened), timed.arrived))
    os.close(reading)
    early = [c for c in coded if c.packet.pos is not None and c.packet.pos < half - 4096]
    late = [c for c in coded if c.packet.pos is not None and c.packet.pos >= half]
    assert early
    assert late
    assert all(c.arrived <= middle for c in early)
    assert all(c.arrived > middle for c in late)


def test_silence_and_end_are_told_apart() -> None:
    reading, writing = os.pipe()
    timed = TimedInput(reading, 0.05)
    assert timed.read(10) == b""
    assert timed.end().code == "silent"
    os.close(writing)
    ended = TimedInput(reading, 5.0)
    assert ended.read(10) == b""
    assert ended.end().code == "closed"
    os.close(reading)


def test_what_it_remembers_is_bounded() -> None:
    reading, writing = os.pipe()
    timed = TimedInput(reading, 1.0)
    for _ in range(20_000):
        os.write(writing, b"x")
        timed.read(1)
    packet = av.Packet(b"x")
    assert timed.arrived(packet) == pytest.approx(time.monotonic(), abs=0.5)
    assert len(timed._starts) <= 8192
    os.close(writing)
    os.close(reading)
