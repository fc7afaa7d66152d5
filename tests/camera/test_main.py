import json
import signal
import subprocess
import sys
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from amphitheatre.camera import clock_strip
from amphitheatre.camera.loop_reader import planes
from amphitheatre.camera.main import main
from tests.camera.origin import Origin
from tests.camera.waiting import until

SMALL = ["--size", "640x360", "--fps", "25"]


def times(path: Path) -> list[tuple[int | None, float]]:
    """Of every frame the time in its picture (ms) and its place in the file (s)."""
    with av.open(str(path)) as container:
        return [
            (clock_strip.decode(planes(frame)[0]), float(frame.time or 0))
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("name", ["camera.flv", "camera.mp4", "camera.ts"])
def test_a_file_plays_as_fast_as_its_clock(data: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    assert main(["push", str(target), "--seconds", "2", *SMALL]) == 0
    stamped = times(target)
    assert len(stamped) > 5  # of 50: a busy machine draws fewer
    first_time, first_place = stamped[0]
    assert first_time is not None
    for time, place in stamped:
        assert time is not None
        assert abs((time - first_time) / 1000 - (place - first_place)) < 0.003
    with av.open(str(target)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 10_000


def test_ffmpeg_receives_what_is_published(data: Path, tmp_path: Path) -> None:
    with Origin() as free:
        port = free.port
    target = tmp_path / "received.flv"
    url = f"rtmp://127.0.0.1:{port}/live/key"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-loglevel",
        "error",
        "-listen",
        "1",
        "-i",
        url,
        "-c",
        "copy",
        str(target),
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as receiver:
        until(lambda: is_listened_at(port))
        assert main(["push", url, "--seconds", "3", *SMALL]) == 0
        receiver.wait(60)
    stamped = [time for time, _ in times(target)]
    assert len(stamped) > 5
    assert None not in stamped


def is_listened_at(port: int) -> bool:
    """Without a call, which ffmpeg would take for the publisher's."""
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()


def test_demo_publishes_every_key_and_ends_on_a_signal(data: Path, tmp_path: Path) -> None:
    keys = {
        "laparoscope": "lap-key",
        "fluorescence": "fluo-key",
        "languages": {"en": "en-key", "fr": "fr-key", "zh-Hans": "zh"},
    }
    listed = tmp_path / "keys.json"
    listed.write_text(json.dumps({"operation": keys}))
    with Origin() as origin:
        base = origin.url("").rstrip("/")
        command = [
            sys.executable,
            "-m",
            "amphitheatre.camera",
            "demo",
            "--rtmp",
            base,
            "--keys-json",
            str(listed),
            *SMALL,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            wanted = [b"lap-key", b"fluo-key", b"en-key", b"fr-key"]
            until(lambda: all(any(key in taken for taken in origin.taken) for key in wanted))
            until(lambda: sum(len(taken) > 10_000 for taken in origin.taken) == 4)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            assert process.stdout is not None
            assert b"-key" not in process.stdout.read()


def test_keys_that_are_missing_are_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "keys.json"
    listed.write_text("{}")
    assert main(["demo", "--rtmp", "rtmp://127.0.0.1/live", "--keys-json", str(listed)]) == 1
    assert "operation" in capsys.readouterr().err


def test_nothing_to_send_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["push", "x.flv", "--view", "none", "--voice", "none"]) == 1
    assert "nothing to send" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["720", "641x360", "400x400", "100000x720"])
def test_a_strange_size_is_refused(size: str) -> None:
    with pytest.raises(SystemExit):
        main(["push", "x.flv", "--size", size])
