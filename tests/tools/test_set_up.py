"""Set-up runs a step once, again when what it was made from changes, and says what to do when it fails."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import set_up
from tools.set_up import SetUpError, Step, run_step

Make = Callable[[str], Step]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A step that runs a line of Python in a folder of its own; made from `source`, it makes `output`."""
    monkeypatch.setattr(set_up, "STATE", tmp_path)
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "source").write_text("one")
    output = tmp_path / "output"

    def made(code: str) -> Step:
        return Step(
            "step", "A step", lambda: [[sys.executable, "-c", code, str(output)]],
            lambda: [tmp_path / "source"], "look there", [output], tmp_path / "stamps",
        )  # fmt: skip

    return made


WRITE = "import sys, pathlib; pathlib.Path(sys.argv[1]).touch()"


def test_a_step_that_ran_is_fresh_until_its_source_changes_or_its_output_is_gone(
    make: Make, tmp_path: Path
) -> None:
    step = make(WRITE)
    assert not step.is_fresh()
    run_step(step, "lead")
    assert step.is_fresh()
    (tmp_path / "source").write_text("two")
    assert not step.is_fresh()
    run_step(step, "lead")
    (tmp_path / "output").unlink()
    assert not step.is_fresh()


def test_a_step_that_failed_runs_again_and_says_what_to_do(make: Make) -> None:
    step = make("print('what went wrong'); raise SystemExit(3)")
    with pytest.raises(SetUpError, match=r"A step failed \(exit 3\): look there\.\n +what went wrong"):
        run_step(step, "lead")
    assert not step.is_fresh()


def test_a_full_disk_is_named_whatever_the_step(make: Make) -> None:
    step = make("raise OSError(28, 'No space left on device')")
    with pytest.raises(SetUpError, match="the disk is full, make room"):
        run_step(step, "lead")
    assert not step.is_fresh()


def test_a_step_that_was_interrupted_runs_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    step = make(WRITE)
    run_step(step, "lead")

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(set_up, "watched", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_step(step, "lead")
    assert not step.is_fresh()
