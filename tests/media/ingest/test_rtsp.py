"""RTSP cameras, pulled: H.264 with AAC as cameras send them, and what happens when the cable is pulled."""

import itertools

import pytest

from amphitheatre.media import clock
from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import pull
from amphitheatre.media.ingest.arrival import PictureIn
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.pull import PullSource
from tests.media.ingest.publisher import AAC, BARS, H264, TONE
from tests.media.ingest.rtsp_camera import RtspCamera

_SENT = ((*BARS, *TONE), (*H264, "-tune", "zerolatency", *AAC))


def test_a_camera_is_seen_and_heard_in_step_and_called_again_when_it_breaks_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pull, "_TIMEOUT", (60.0, 60.0))  # this camera's ffmpeg has to be started first
    with RtspCamera(*_SENT) as camera:
        source, meter, room = PullSource(camera.url, pause=0.1), Meter("views/main"), clock.start()
        pictures: list[float] = []
        sounds: list[float] = []
        again = 0.0
        for item in receive(source, room, meter):
            if isinstance(item, PictureIn):
                pictures.append(item.at)
            else:
                sounds.append(item.at / 48_000)
            if len(pictures) >= 60 and not again:
                again = room.now()
                camera.hang_up()
            if again and pictures[-1] > again + 2 and sounds[-1] > again + 2:
                break
        report = meter.report()
    assert report.protocol == "rtsp"
    assert (report.codec, report.width, report.audio_codec) == ("h264", 320, "aac")
    assert camera.calls.count("PLAY") >= 2
    first = [at for at in pictures if at < again]
    steps = sorted(after - before for before, after in itertools.pairwise(first))
    assert steps[len(steps) // 2] == pytest.approx(1 / 30, abs=0.004)
    assert abs(pictures[0] - sounds[0]) < 1.0


def test_a_camera_that_is_not_there_is_given_up() -> None:
    with RtspCamera(*_SENT) as camera:
        url = camera.url
    with pytest.raises(SourceBroken, match="unreachable"):
        list(PullSource(url, pause=0.01).packets())
