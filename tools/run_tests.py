"""All Python tests, in two lanes at once: those that keep real time, and beside them, giving way, all the others.

    python -m tools.run_tests [pytest's options]

Tests with cameras and faults wait for most of their minutes; what only computes has a core meanwhile. Browsers need the
machine for themselves, so they come last, beside tests that mostly wait. On one core the lanes follow each other.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
REAL_TIME: Final = (
    "tests/camera",
    "tests/faults",
    "tests/media/integration",
    "tests/media/rtc",
    "tests/media/ingest/test_file_and_pull.py",
    "tests/media/ingest/test_fuzz.py",
    "tests/media/ingest/test_real_publishers.py",
    "tests/media/room/test_reporter.py",
    "tests/media/rules/test_room_check.py",
    "tests/e2e",
)
OTHERS: Final = ("tests/web", "tests/pages", "tests/tools", "tests/bench", "tests/cli", "tests/media")
LOG: Final = ROOT / ".make" / "logs" / "tests.log"
GIVES_WAY: Final = 15  # of the scheduler's 19 steps


def main(options: list[str]) -> int:
    """The first exit code that is not 0."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    beside_those = [f"--ignore={path}" for path in REAL_TIME]
    with LOG.open("wb") as log:
        beside = subprocess.Popen(
            _pytest("others", *OTHERS, *beside_those, *options),
            cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, preexec_fn=lambda: os.nice(GIVES_WAY),
        )  # fmt: skip
        try:
            if (os.cpu_count() or 1) < 2:
                beside.wait()
            first = subprocess.run(
                _pytest("real-time", *REAL_TIME, *options), cwd=ROOT, check=False
            ).returncode
            second = beside.wait()
        finally:
            beside.kill()
    print(f"\nBeside them ran all the others ({LOG.relative_to(ROOT)}):")
    sys.stdout.flush()
    sys.stdout.buffer.write(LOG.read_bytes())
    return first or second


def _pytest(lane: str, *arguments: str) -> list[str]:
    """A cache for each lane, so that --last-failed knows the failures of both."""
    return [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{lane}", *arguments]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
