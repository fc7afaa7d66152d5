"""Run the benchmarks: a table, and JSON in bench/results. Needs a source checkout."""

import argparse
import subprocess
import sys
from pathlib import Path

import amphitheatre
from amphitheatre.cli.errors import CommandError


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="each once and short")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these measurements alone")


def run(options: argparse.Namespace) -> int:
    root = Path(amphitheatre.__file__).resolve().parents[2]
    script = root / "bench" / "run.py"
    if not script.is_file():
        raise CommandError(f"{script} is missing: benchmarks run from a source checkout")
    arguments = [
        *(["--quick"] if options.quick else []),
        *(["--only", *options.only] if options.only else []),
    ]
    return subprocess.run([sys.executable, str(script), *arguments], cwd=root, check=False).returncode
