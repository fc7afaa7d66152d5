import asyncio

import av
import pytest
from aiortc.mediastreams import MediaStreamError

from amphitheatre.media.rtc.tracks import (
    SOUND_BASE,
    SOUND_LINE,
    VIDEO_BASE,
    VIDEO_LINE,
    CodedPacket,
    PictureTrack,
    SoundTrack,
)


def packet(pts: int, picture: bool = True) -> CodedPacket:
    made = av.Packet(b"\0\0\0\1\x65")
    made.pts, made.time_base = pts, VIDEO_BASE if picture else SOUND_BASE
    return made


class Asked:
    """Counts the calls of a track."""

    def __init__(self) -> None:
        self.begun = 0
        self.refreshed = 0

    def begin(self) -> None:
        self.begun += 1

    def refresh(self) -> None:
        self.refreshed += 1


async def test_a_picture_track_starts_at_a_key_frame() -> None:
    track = PictureTrack(lambda: None, lambda: None)
    track.put(packet(0), key=False)
    track.put(packet(3000), key=True)
    track.put(packet(6000), key=False)
    assert [(await track.recv()).pts for _ in range(2)] == [3000, 6000]
    assert track.sent == pytest.approx(6000 / 90_000)
    assert track.dropped == 1


async def test_a_full_line_is_dropped_up_to_the_next_key_frame() -> None:
    asked = Asked()
    track = PictureTrack(asked.begin, asked.refresh)
    track.put(packet(0), key=True)
    for n in range(1, VIDEO_LINE + 5):
        track.put(packet(n), key=False)
    assert asked.refreshed == 1
    assert track.dropped == VIDEO_LINE + 5
    track.put(packet(1000), key=True)
    assert (await track.recv()).pts == 1000


def grid(track: PictureTrack, place: int, key: bool, rungs: int = 2) -> None:
    """Every rung's picture of one place, the best rung's first."""
    for rung in range(rungs):
        made = packet(place * 3000)
        made.duration = rung  # tells the rungs apart
        track.put(made, key, rung)


def line(track: PictureTrack) -> list[tuple[int, int]]:
    """(place, rung) of what waits to be sent."""
    return [((sent.pts or 0) // 3000, sent.duration or 0) for sent in track._line]


async def test_it_changes_the_rung_where_both_have_a_key_frame() -> None:
    track = PictureTrack(lambda: None, lambda: None)
    grid(track, 0, key=True)
    grid(track, 1, key=False)
    track.line.carries(2)
    assert track.line.lost(1.0, 0.0)
    grid(track, 2, key=False)
    grid(track, 3, key=True)
    grid(track, 4, key=False)
    track.line.level = 0
    grid(track, 5, key=False)
    grid(track, 6, key=True)
    grid(track, 7, key=False)
    assert line(track) == [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 1), (6, 0), (7, 0)]


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 0)])
async def test_it_never_sends_what_can_not_be_decoded(before: int, after: int) -> None:
    """The line changes between the rungs' key frames of one place."""
    track = PictureTrack(lambda: None, lambda: None)
    track.line.carries(2)
    track.line.level = before
    grid(track, 0, key=True)
    track.put(packet(3000), key=True, rung=0)
    track.line.level = after
    track.put(packet(3000), key=True, rung=1)
    grid(track, 2, key=False)
    grid(track, 3, key=True)
    sent = [place for place, _ in line(track)]
    assert sent == sorted(set(sent)), "no place twice"
    assert sent[-1] == 3
    assert track.rung == after
    if before:
        assert 2 not in sent, "its key frame was not sent"


async def test_a_track_begins_when_its_peer_is_ready_and_once() -> None:
    asked = Asked()
    track = PictureTrack(asked.begin, asked.refresh)
    assert asked.begun == 0
    for _ in range(2):
        waiting = asyncio.ensure_future(track.recv())
        await asyncio.sleep(0)
        track.put(packet(1), key=True)
        await waiting
    assert asked.begun == 1


@pytest.mark.parametrize("kind", ["picture", "sound"])
async def test_closed_while_waiting(kind: str) -> None:
    track = PictureTrack(lambda: None, lambda: None) if kind == "picture" else SoundTrack(lambda: None)
    waiting = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    track.stop()
    with pytest.raises(MediaStreamError):
        await asyncio.wait_for(waiting, 30)
    with pytest.raises(MediaStreamError):
        await track.recv()


async def test_cancelled_while_waiting() -> None:
    track = SoundTrack(lambda: None)
    waiting = asyncio.ensure_future(track.recv())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_nothing_is_kept_for_a_track_that_has_stopped() -> None:
    picture, sound = PictureTrack(lambda: None, lambda: None), SoundTrack(lambda: None)
    for track in (picture, sound):
        track.stop()
    picture.put(packet(1), key=True)
    sound.put(packet(1, picture=False), voice=True, now=0)
    assert not picture._line
    assert not sound._line


async def test_the_voice_silences_the_floor_until_it_has_been_quiet() -> None:
    track = SoundTrack(lambda: None)
    track.put(packet(0, False), voice=False, now=0.0)
    track.put(packet(960, False), voice=True, now=0.02)
    track.put(packet(1920, False), voice=False, now=0.03)
    track.put(packet(2880, False), voice=False, now=0.5)
    assert [(await track.recv()).pts for _ in range(3)] == [0, 960, 2880]


async def test_sound_never_goes_backwards_in_time() -> None:
    track = SoundTrack(lambda: None)
    for pts in (960, 960, 0, 1920):
        track.put(packet(pts, False), voice=True, now=0)
    assert [(await track.recv()).pts for _ in range(2)] == [960, 1920]


async def test_a_sound_line_is_bounded() -> None:
    track = SoundTrack(lambda: None)
    for n in range(SOUND_LINE + 3):
        track.put(packet(n * 960, False), voice=True, now=0)
    assert len(track._line) == 3
    assert track.dropped == SOUND_LINE
    assert (await track.recv()).pts == SOUND_LINE * 960
