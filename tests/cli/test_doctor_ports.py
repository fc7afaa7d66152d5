"""What the doctor says of ports, disk, keys and what is installed."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from amphitheatre.cli import doctor
from amphitheatre.cli.finding import Finding, Verdict
from amphitheatre.media.config import MediaConfig, RtcNetwork
from bench.instance import free_ports


def free_config(**other: object) -> MediaConfig:
    web, media, rtmp = free_ports(3)
    (srt,) = free_ports(1, socket.SOCK_DGRAM)
    return MediaConfig(web_port=web, media_port=media, rtmp_port=rtmp, srt_port=srt, **other)  # type: ignore[arg-type]


def verdicts(findings: Iterator[Finding]) -> list[Verdict]:
    return [finding.verdict for finding in findings]


def test_the_command_tells_a_person_and_a_script_the_same(data: Path) -> None:
    config = free_config()
    environment = os.environ | {
        "AMPHITHEATRE_MEDIA_PORT": str(config.media_port),
        "AMPHITHEATRE_WEB_PORT": str(config.web_port),
        "AMPHITHEATRE_RTMP_PORT": str(config.rtmp_port),
        "AMPHITHEATRE_SRT_PORT": str(config.srt_port),
    }
    command = [sys.executable, "-m", "amphitheatre.cli.main", "doctor"]
    with socket.create_server(("127.0.0.1", config.rtmp_port)):
        said = subprocess.run(
            [*command, "--json"], env=environment, capture_output=True, text=True, check=False
        )
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    findings = json.loads(said.stdout)
    assert [finding["text"] for finding in findings if finding["verdict"] == "wrong"] != []
    assert (said.returncode, told.returncode) == (1, 1)
    rtmp = [finding for finding in findings if f"Port {config.rtmp_port} (RTMP)" in finding["text"]]
    assert [finding["verdict"] for finding in rtmp] == ["wrong"]
    assert f"wrong {rtmp[0]['text']}" in told.stdout


def test_free_ports_are_fine_and_a_taken_one_is_named() -> None:
    config = free_config()
    assert verdicts(doctor.listening(config)) == [Verdict.OK] * 4
    with socket.create_server(("127.0.0.1", config.web_port)):
        first, *others = doctor.listening(config)
    assert first.verdict is Verdict.WRONG
    assert "AMPHITHEATRE_WEB_PORT=" in first.text, "how to choose another"
    assert {finding.verdict for finding in others} == {Verdict.OK}


def test_webrtc_without_a_range_deserves_a_look_once_the_world_may_come() -> None:
    assert verdicts(doctor.webrtc(MediaConfig())) == [Verdict.OK]
    (finding,) = doctor.webrtc(MediaConfig(host="0.0.0.0"))  # noqa: S104 - only read
    assert finding.verdict is Verdict.LOOK
    assert "AMPHITHEATRE_RTC_PORTS" in finding.text


def test_a_range_for_webrtc_is_counted() -> None:
    with contextlib.ExitStack() as stack:
        taken = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (none,) = doctor.webrtc(MediaConfig(rtc=RtcNetwork((port, port))))
        assert (none.verdict, none.text[:4]) == (Verdict.WRONG, "0 of")
    (few,) = doctor.webrtc(MediaConfig(rtc=RtcNetwork((port, port))))
    assert few.verdict is Verdict.LOOK
    (enough,) = doctor.webrtc(MediaConfig(rtc=RtcNetwork((20_000, 20_099))))
    assert enough.verdict is Verdict.OK
    assert "20000-20099" in enough.text


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**9, Verdict.WRONG), (10**10, Verdict.LOOK), (10**11, Verdict.OK)]
)
def test_a_disk_that_is_nearly_full_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    usage = namedtuple("usage", "total used free")
    asked: list[Path] = []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: asked.append(path) or usage(10**12, 0, free))
    assert verdicts(doctor.disk(MediaConfig(data=tmp_path / "not" / "yet"))) == [verdict]
    assert asked == [tmp_path], "the nearest folder that is there"


def test_keys_are_ours_alone_or_wrong(tmp_path: Path) -> None:
    config = MediaConfig(data=tmp_path)
    assert verdicts(doctor.keys(config)) == [Verdict.OK]
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / "grant.jwk"
    key.write_text("{}")
    key.chmod(0o640)
    (open_key,) = doctor.keys(config)
    assert open_key.verdict is Verdict.WRONG
    assert f"chmod 600 {key}" in open_key.text
    key.chmod(0o600)
    assert verdicts(doctor.keys(config)) == [Verdict.OK]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(doctor.packages(MediaConfig())) == [Verdict.OK]
    monkeypatch.setattr(doctor, "WEIGHTY", ("av", "no_such_package"))
    missing, present = doctor.packages(MediaConfig())
    assert (missing.verdict, present.verdict) == (Verdict.WRONG, Verdict.OK)
    assert "no_such_package" in missing.text


def test_an_old_python_and_an_ffmpeg_that_does_not_run_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdicts(doctor.python(MediaConfig())) == [Verdict.OK]
    assert verdicts(doctor.ffmpeg(MediaConfig())) == [Verdict.OK]
    monkeypatch.setattr(sys, "version_info", (3, 10))
    assert verdicts(doctor.python(MediaConfig())) == [Verdict.WRONG]
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    (finding,) = doctor.ffmpeg(MediaConfig())
    assert finding.verdict is Verdict.WRONG
    assert "no SRT" in finding.text
