"""The web side once more, on PostgreSQL: migrations, accounts, studio and all the other tests of this folder."""

import os
import subprocess
import sys
from pathlib import Path

from tests.web import postgresql

HERE = Path(__file__)
ROOT = HERE.parents[2]


def test_all_web_tests_pass_on_postgresql() -> None:
    at = postgresql.programs()
    assert at is not None  # else conftest.py leaves this file out, and says so
    with postgresql.running(at) as address:
        # Without our own Django's settings: the child has to set Django up itself, on its own data folder.
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        environment["DATABASE_URL"] = address
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--migrations", "-p", "no:cacheprovider", str(HERE.parent),
             f"--ignore={HERE}"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=3600,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
