"""The whole house as real processes: started, asked, ended; and what it says when it can't start."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bench.instance import Instance, InstanceError, RoomWish, free_ports

MAIN = [sys.executable, "-m", "amphitheatre.cli.main"]


async def test_a_house_starts_answers_and_ends_when_told(tmp_path: Path) -> None:
    async with Instance([RoomWish("theatre", languages=("zh-Hans", "fr"))], data=tmp_path) as house:
        assert house.lines[-1] == f"Amphitheatre is ready: http://127.0.0.1:{house.web_port}"
        room = await house.room("theatre")
        assert [push["protocol"] for push in room["views"][0]["push"]] == ["rtmp", "srt", "whip"]
        assert [language["tag"] for language in room["languages"]] == ["zh-Hans", "fr"]
        assert room["views"][0]["push"][0]["key"] in await house.command(*MAIN[1:], "rooms")
        findings = json.loads(await house.command(*MAIN[1:], "doctor", "--json"))
        assert any("Amphitheatre is running" in finding["text"] for finding in findings)
        grant = await house.grant("theatre")
        bearer = {"Authorization": f"Bearer {grant}"}
        async with httpx.AsyncClient(trust_env=False, timeout=60.0, headers=bearer) as client:
            assert (await client.get(f"{house.media_url}/rooms/theatre/room.json")).status_code == 200
        with pytest.raises(InstanceError, match=f"already runs on {tmp_path} .process {house.process.pid}"):
            await house.command(*MAIN[1:], "up")
        house.process.send_signal(signal.SIGTERM)
        assert await house.process.wait() == 0
    assert house.lines[-2:] == ["Stopping …", "Stopped."]
    for port in (house.web_port, house.media_port, house.rtmp_port):
        socket.create_server(("127.0.0.1", port)).close()  # raises if it is still taken


def test_a_taken_port_is_one_line_and_nothing_is_started(data: Path) -> None:
    web, media, rtmp = free_ports(3)
    environment = os.environ | {
        "AMPHITHEATRE_WEB_PORT": str(web),
        "AMPHITHEATRE_MEDIA_PORT": str(media),
        "AMPHITHEATRE_RTMP_PORT": str(rtmp),
        "AMPHITHEATRE_SRT_PORT": str(free_ports(1, socket.SOCK_DGRAM)[0]),
    }
    with socket.create_server(("127.0.0.1", media)):
        done = subprocess.run([*MAIN, "up"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"amphitheatre: Port {media} (media) is taken by another program")
    assert "AMPHITHEATRE_MEDIA_PORT=" in done.stderr
    assert not (data / "log").exists()


def test_an_impossible_setting_is_one_line(data: Path) -> None:
    environment = os.environ | {"AMPHITHEATRE_RTC_PORTS": "all"}
    done = subprocess.run([*MAIN, "up"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("amphitheatre: AMPHITHEATRE_RTC_PORTS='all'")
    assert done.stderr.count("\n") == 1
