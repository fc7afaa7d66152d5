"""Tells the origin once a second how a source is, in a thread: also while nothing comes from it."""

import contextlib
import threading
from types import TracebackType
from typing import Final

from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.unit import Report

_EVERY: Final = 1.0  # seconds


class Reporter:
    """Reports inside the block."""

    def __init__(self, link: BlockingLink, meter: Meter) -> None:
        self._link = link
        self._meter = meter
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="report", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # the origin is gone: the thread that listens ends the process
            while not self._over.wait(_EVERY):
                self._link.send(Report(self._meter.report()))
