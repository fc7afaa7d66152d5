import pytest

from amphitheatre.media.rtc import feeds, h264
from amphitheatre.media.rtc.feeds import PictureFeed, SoundFeed
from amphitheatre.media.rtc.tracks import PictureTrack, SoundTrack
from amphitheatre.media.unit import Picture, PictureFormat, Sound
from tests.media.rtc.camera import Camera, tone


class Clock:
    """time.monotonic for feeds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(feeds, "time", clock)
    return clock


def picture_track() -> PictureTrack:
    return PictureTrack(lambda: None, lambda: None)


async def test_key_frames_carry_their_parameter_sets_and_others_do_not(clock: Clock) -> None:
    camera, feed, track = Camera(), PictureFeed(lambda: None), picture_track()
    feed.ladder([camera.format()])
    feed.join(track)
    for _ in range(2):
        feed.take(camera.shoot(first=90_000))
    first, second = await track.recv(), await track.recv()
    assert list(h264.nal_types(bytes(first)))[:2] == [7, 8]
    assert h264.is_idr(bytes(first))
    assert not {7, 8} & set(h264.nal_types(bytes(second)))
    assert (first.pts, second.pts) == (90_000, 93_000)


async def test_who_joins_asks_for_a_key_frame_and_a_crowd_asks_rarely(clock: Clock) -> None:
    asked: list[float] = []
    feed = PictureFeed(lambda: asked.append(clock.now))
    for _ in range(5):
        feed.join(picture_track())
    assert len(asked) == 1
    clock.now += feeds.KEYFRAME_EVERY
    feed.refresh()
    assert len(asked) == 2


async def test_who_joins_a_lost_source_sees_its_last_picture(clock: Clock) -> None:
    camera, feed = Camera(), PictureFeed(lambda: None)
    feed.ladder([camera.format()])
    feed.take(camera.shoot(first=90_000))
    joined_live = picture_track()
    feed.join(joined_live)
    assert not joined_live._line
    clock.now += 5
    joined_late = picture_track()
    feed.join(joined_late)
    assert (await joined_late.recv()).pts == 90_000


async def test_a_broken_unit_is_counted_and_hurts_nobody(clock: Clock) -> None:
    camera, feed, track = Camera(), PictureFeed(lambda: None), picture_track()
    feed.ladder([camera.format()])
    feed.join(track)
    feed.take(Picture("192p", 0, 3000, True, b"\0\0\0\x09\x65"))
    feed.take(camera.shoot())
    assert feed.broken == 1
    assert (await track.recv()).pts == 0


async def test_a_track_gets_the_rung_of_its_level_and_rungs_that_are_gone_count_no_more(clock: Clock) -> None:
    top, low, feed, track = Camera(), Camera(160, 96), PictureFeed(lambda: None), picture_track()
    feed.ladder([top.format("192p"), low.format("96p")])
    feed.join(track)
    assert track.line.lost(1.0, 1.0)
    top.wants_key = low.wants_key = True
    for camera, rung in ((top, "192p"), (low, "96p"), (top, "192p"), (low, "96p")):
        feed.take(camera.shoot(rung))
    sets = h264.parameter_sets(low.format().avcc)
    first, second = await track.recv(), await track.recv()
    assert bytes(first).startswith(sets)
    assert (first.pts, second.pts) == (0, 3000)
    assert not track._line
    feed.ladder([low.format("96p")])
    low.wants_key = True
    feed.take(low.shoot("96p"))
    assert (await track.recv()).pts == 6000, "it is the best rung now"
    top.wants_key = True
    feed.take(top.shoot("192p"))
    assert not track._line
    assert not track.line.lost(1.0, 99.0)


async def test_a_broken_ladder_is_counted_and_the_one_before_stays(clock: Clock) -> None:
    camera, feed, track = Camera(), PictureFeed(lambda: None), picture_track()
    feed.ladder([camera.format()])
    feed.join(track)
    feed.ladder([PictureFormat("720p", b"\x01", 1280, 720, 30, 1)])
    assert feed.broken == 1
    feed.take(camera.shoot())
    assert (await track.recv()).pts == 0


async def test_who_has_left_gets_nothing(clock: Clock) -> None:
    camera, feed, track = Camera(), PictureFeed(lambda: None), picture_track()
    feed.ladder([camera.format()])
    feed.join(track)
    feed.leave(track)
    feed.take(camera.shoot())
    assert not track._line


async def test_sound_is_cut_into_frames_of_20_ms_on_room_time() -> None:
    feed, track = SoundFeed(), SoundTrack(lambda: None)
    feed.join(track, voice=True)
    for at in range(48_000, 48_000 + 4096, 1024):
        feed.take(tone(at, 1024))
    assert [(await track.recv()).pts for _ in range(4)] == [48_000, 48_960, 49_920, 50_880]
    assert not track._line


async def test_a_gap_in_the_sound_is_a_gap_in_the_timestamps() -> None:
    feed, track = SoundFeed(), SoundTrack(lambda: None)
    feed.join(track, voice=True)
    feed.take(tone(0, 1000))
    feed.take(tone(96_000, 960))
    assert [(await track.recv()).pts for _ in range(2)] == [0, 96_000]


async def test_nothing_is_encoded_while_nobody_listens() -> None:
    feed, track = SoundFeed(), SoundTrack(lambda: None)
    feed.take(Sound(0, bytes(40_000)))
    assert feed._encoder is None
    feed.join(track, voice=True)
    feed.take(tone(0, 960))
    assert feed._encoder is not None
    feed.leave(track)
    assert feed._encoder is None


async def test_the_floor_stands_in_for_a_silent_voice() -> None:
    floor, voice, track = SoundFeed(), SoundFeed(), SoundTrack(lambda: None)
    floor.join(track, voice=False)
    voice.join(track, voice=True)
    floor.take(tone(0, 960))
    assert (await track.recv()).pts == 0
    voice.take(tone(960, 960))
    floor.take(tone(960, 1920))
    assert (await track.recv()).pts == 960
    assert not track._line
