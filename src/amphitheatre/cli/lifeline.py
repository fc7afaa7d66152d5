"""A supervised process ends when its supervisor does, even by kill -9.

The supervisor holds the other end of our standard input. When that closes, the kernel has closed it:
nobody is left who would stop us.
"""

import argparse
import os
import signal
import threading
import time
from typing import Final

GRACE: Final = 5.0  # seconds for a clean end after which the whole process group is killed


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)


def hold(options: argparse.Namespace) -> None:
    """Where `up` started us: watch from now on. Does nothing for a verb that a person typed."""
    if options.supervised:
        threading.Thread(target=_end_with_supervisor, name="lifeline", daemon=True).start()


def _end_with_supervisor() -> None:
    while os.read(0, 64):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)
