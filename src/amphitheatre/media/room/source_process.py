"""A source's own process: receive, decode, mend, meter, encode. A stream that breaks it breaks nothing else."""

import socket
import time
from collections.abc import Iterator
from typing import Final

from amphitheatre.media.config import RtcNetwork
from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.ingest.arrival import PictureIn, SoundIn
from amphitheatre.media.ingest.coded import CodedSource
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.open import RtmpSpec, SrtSpec, open_source, pull_spec
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room import forks
from amphitheatre.media.room.jobs import PullWay, RtmpWay, SourceJob, SrtWay, Way, WhipWay
from amphitheatre.media.room.source_output import SourceOutput
from amphitheatre.media.room.whip_coded import WhipCoded
from amphitheatre.media.rtc.whip_source import WhipSource
from amphitheatre.media.unit import Connected, Lost, Report, WhipAnswer, WhipRefused

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
        for item in _items(job, meter, link):
            if not came:
                came = True
                link.send(Connected(job.way.protocol))
            output.put(item)
            if time.monotonic() - reported >= _REPORT_EVERY:
                reported = time.monotonic()
                link.send(Report(meter.report()))
    except SourceBroken as broken:
        link.send(Lost(broken.code))


def _items(job: SourceJob, meter: Meter, link: BlockingLink) -> Iterator[PictureIn | SoundIn]:
    return receive(_open(job.way, link), job.clock, meter)


def _open(way: Way, link: BlockingLink) -> CodedSource:
    match way:
        case RtmpWay(sock=sock, state=state):
            return open_source(RtmpSpec(sock.detach(), state))
        case SrtWay(host=host, port=port, passphrase=passphrase):
            return open_source(SrtSpec(host, port, passphrase))
        case PullWay(url=url, loop=loop):
            return open_source(pull_spec(url, loop=loop))
        case WhipWay(offer=offer, network=network):
            return _whip(offer, network, link)


def _whip(offer: str, network: RtcNetwork, link: BlockingLink) -> CodedSource:
    try:
        publisher = WhipSource(offer, network)
    except Refused as refused:
        link.send(WhipRefused(refused.code))
        raise SourceBroken(refused.code) from refused
    link.send(WhipAnswer(publisher.answer))
    return WhipCoded(publisher)
