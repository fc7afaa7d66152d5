import os
import subprocess
import sys
from pathlib import Path

from amphitheatre.cli.rooms import described
from amphitheatre.web.grants import load_or_create_keys
from bench.instance import free_ports

ROOM = {
    "id": "theatre",
    "state": "live",
    "views": [
        {
            "id": "main",
            "push": [
                {"protocol": "rtmp", "url": "rtmp://host/live", "key": "k-1"},
                {"protocol": "whip", "url": "http://host/whip", "key": "k-1"},
            ],
        },
        {"id": "slides", "push": []},
    ],
}


def test_a_room_is_told_in_lines_with_all_that_an_encoder_needs() -> None:
    assert described(ROOM) == [
        "theatre  (live)",
        "  main",
        "    RTMP  rtmp://host/live   key k-1",
        "    WHIP  http://host/whip   key k-1",
        "  slides",
    ]


def rooms() -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"AMPHITHEATRE_MEDIA_PORT": str(free_ports(1)[0])}
    command = [sys.executable, "-m", "amphitheatre.cli.main", "rooms", "--json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_where_nothing_runs_it_says_so_in_a_line(data: Path) -> None:
    load_or_create_keys(data)
    done = rooms()
    assert (done.returncode, done.stdout) == (1, "")
    assert "is `amphitheatre up` running?" in done.stderr
    assert done.stderr.count("\n") == 1


def test_where_nothing_was_ever_started_it_says_so_in_a_line(data: Path) -> None:
    done = rooms()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("amphitheatre: ")
    assert done.stderr.count("\n") == 1
