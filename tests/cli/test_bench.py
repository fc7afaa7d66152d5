import subprocess
import sys
from pathlib import Path

import pytest

import amphitheatre
from amphitheatre.cli import bench
from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.main import parser


def test_its_arguments_are_those_of_the_benchmarks() -> None:
    command = [sys.executable, "-m", "amphitheatre.cli.main", "bench", "--only", "no-such-measurement"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert "whep" in done.stderr, "what there is to measure"


def test_outside_a_checkout_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amphitheatre, "__file__", str(tmp_path / "src" / "amphitheatre" / "__init__.py"))
    with pytest.raises(CommandError, match=r"bench/run\.py is missing"):
        bench.run(parser().parse_args(["bench"]))
