"""All checks that need no running house: `make check`. Runs every one, then says which failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.set_up import FRONT, PYTHON, ROOT, SetUpError, environment, npm

BIN = PYTHON.parent


def checks() -> dict[str, list[str]]:
    python = str(PYTHON)
    return {
        "format": [str(BIN / "ruff"), "format", "--check", "."],
        "lint": [str(BIN / "ruff"), "check", "."],
        "types": [str(BIN / "mypy")],
        "layers": [str(BIN / "lint-imports"), "--no-cache"],
        "contract": [python, "tools/contract_snapshot.py", "--check"],
        "migrations": [python, "-m", "amphitheatre.web.manage", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "-m", "amphitheatre.web.manage", "check_translations"],
        "types of the pages": npm("run", "check"),
    }


def run(name: str, command: list[str]) -> bool:
    """Whether the check passed; what it said is shown only when it did not."""
    began = time.monotonic()
    folder: Path = FRONT if "npm-cli.js" in " ".join(command) else ROOT
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(done.stdout.rstrip() + os.linesep, flush=True)
    return passed


def main() -> int:
    try:
        failed = [name for name, command in checks().items() if not run(name, command)]
    except SetUpError as e:
        print(f"amphitheatre: {e}", file=sys.stderr)
        return 1
    if failed:
        print(f"{len(failed)} of {len(checks())} checks failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    print("All checks passed.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
