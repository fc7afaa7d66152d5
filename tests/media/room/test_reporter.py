"""A source's report goes to the origin once a second, whether anything comes from the source or not."""

import socket
import time

import pytest

from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room import reporter
from amphitheatre.media.room.reporter import Reporter
from amphitheatre.media.unit import Report


def test_reports_go_on_while_nothing_comes() -> None:
    ours, theirs = socket.socketpair()
    ours.settimeout(60)
    units = iter(BlockingLink(ours))
    meter = Meter("views/main")
    meter.received(1000)
    with ours, theirs, Reporter(BlockingLink(theirs), meter):
        hints: list[str] = []
        while hints != ["no-data"]:
            unit = next(units)
            assert isinstance(unit, Report)
            assert unit.report.source == "views/main"
            hints = unit.report.hints


def test_it_ends_at_once_and_an_origin_that_is_gone_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter, "_EVERY", 60.0)
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        begin = time.monotonic()
        with Reporter(BlockingLink(theirs), Meter("views/main")):
            pass
        assert time.monotonic() - begin < 30
