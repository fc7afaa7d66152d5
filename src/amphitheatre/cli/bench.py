"""Run the benchmarks: a table, and JSON in bench/results. Needs a source checkout."""

import argparse
import subprocess
import sys
from pathlib import Path

import amphitheatre
from amphitheatre.cli.errors import CommandError


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="see `python bench/run.py --help`")


def run(options: argparse.Namespace) -> int:
    root = Path(amphitheatre.__file__).resolve().parents[2]
    script = root / "bench" / "run.py"
    if not script.is_file():
        raise CommandError(f"{script} is missing: benchmarks run from a source checkout")
    return subprocess.run([sys.executable, str(script), *options.arguments], cwd=root, check=False).returncode
