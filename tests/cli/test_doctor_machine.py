"""What the doctor says of memory, of the clock, and of web's database."""

from pathlib import Path

import pytest

from amphitheatre.cli import machine
from amphitheatre.cli.database import database
from amphitheatre.cli.finding import Verdict
from amphitheatre.media.config import MediaConfig

CONFIG = MediaConfig()


@pytest.mark.parametrize(
    ("kibibytes", "verdict"), [(500_000, Verdict.WRONG), (1_500_000, Verdict.LOOK), (8_000_000, Verdict.OK)]
)
def test_memory_that_is_short_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kibibytes: int, verdict: Verdict
) -> None:
    table = tmp_path / "meminfo"
    table.write_text(f"MemTotal: 16000000 kB\nMemAvailable:   {kibibytes} kB\n")
    monkeypatch.setattr(machine, "MEMORY", table)
    (finding,) = machine.memory(CONFIG)
    assert finding.verdict is verdict


def test_a_system_without_the_table_is_no_failure(tmp_path: Path) -> None:
    assert machine.available_memory(tmp_path / "missing") is None


def test_the_clock_gets_a_verdict_on_this_machine() -> None:
    (finding,) = machine.clock(CONFIG)
    assert finding.verdict in (Verdict.OK, Verdict.LOOK)


def test_a_database_that_does_not_answer_is_one_line_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:hidden@127.0.0.1:1/course")
    (finding,) = database(CONFIG)
    assert finding.verdict is Verdict.WRONG
    assert "DATABASE_URL" in finding.text
    assert "hidden" not in finding.text
    assert "\n" not in finding.text


def test_a_file_that_is_to_be_made_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("AMPHITHEATRE_DATA", str(tmp_path / "new"))
    (finding,) = database(CONFIG)
    assert finding.verdict is Verdict.OK
    assert not (tmp_path / "new").exists()
