"""A source's own process: receive, decode, mend, meter, encode. A stream that breaks it breaks nothing else."""

import socket
import time
from collections.abc import Iterator
from typing import Final

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.open import RtmpSpec, open_source
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room import forks
from amphitheatre.media.room.jobs import RtmpWay, SourceJob
from amphitheatre.media.room.source_output import SourceOutput
from amphitheatre.media.unit import Connected, Lost, Report

_REPORT_EVERY: Final = 1.0  # seconds


def run(sock: socket.socket, job: SourceJob) -> None:
    """Until the source ends or the origin closes the link. Raises OSError when the origin is gone."""
    link = BlockingLink(sock)
    output = SourceOutput(link, job)
    forks.listen(link, output.hear)
    meter = Meter(job.source)
    reported = time.monotonic()
    came = False
    try:
        for item in _items(job, meter):
            if not came:
                came = True
                link.send(Connected(job.way.protocol))
            output.put(item)
            if time.monotonic() - reported >= _REPORT_EVERY:
                reported = time.monotonic()
                link.send(Report(meter.report()))
    except SourceBroken as broken:
        link.send(Lost(broken.code))


def _items(job: SourceJob, meter: Meter) -> Iterator[PictureIn | SoundIn]:
    way = job.way
    if isinstance(way, RtmpWay):
        source = open_source(RtmpSpec(way.sock.detach(), way.state))
        return receive(source, job.clock, meter)
    raise SourceBroken("no-such-way", way.protocol)
