import os
import subprocess
import sys
from pathlib import Path

import pytest

from amphitheatre.cli.errors import CommandError
from amphitheatre.cli.house_lock import occupied


def test_a_second_house_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(CommandError, match=f"process {os.getpid()}"), occupied(tmp_path):
        pass


def test_a_house_that_stopped_leaves_no_trace(tmp_path: Path) -> None:
    for _ in range(2):
        with occupied(tmp_path) as left_in_haste:
            assert not left_in_haste


def test_a_killed_house_is_noticed_and_does_not_hold_the_folder(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from amphitheatre.cli.house_lock import occupied\n"
        "with occupied(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    with occupied(tmp_path) as left_in_haste:
        assert left_in_haste
    with occupied(tmp_path) as left_in_haste:
        assert not left_in_haste
