"""A source's own process: receive, decode, mend, meter, encode. A stream that breaks it breaks nothing else."""

import socket
from contextlib import ExitStack

from amphitheatre.media.config import RtcNetwork
from amphitheatre.media.errors import Refused, SourceBroken
from amphitheatre.media.ingest.coded import CodedSource
from amphitheatre.media.ingest.decode import receive
from amphitheatre.media.ingest.meter import Meter
from amphitheatre.media.ingest.open import open_source, pull_spec
from amphitheatre.media.ingest.rtmp_source import RtmpSource
from amphitheatre.media.ingest.srt import SrtSource
from amphitheatre.media.link import BlockingLink
from amphitheatre.media.room import forks
from amphitheatre.media.room.jobs import PullWay, RtmpWay, SourceJob, SrtWay, Way, WhipWay
from amphitheatre.media.room.reporter import Reporter
from amphitheatre.media.room.sent_tags import SentTags
from amphitheatre.media.room.source_output import SourceOutput
from amphitheatre.media.room.whip_coded import WhipCoded
from amphitheatre.media.rtc.whip_source import WhipSource
from amphitheatre.media.unit import Connected, FlvTag, Lost, Unit, WhipAnswer, WhipRefused


def run(sock: socket.socket, job: SourceJob) -> None:
    """Until the source ends or the origin closes the link. Raises OSError when the origin is gone."""
    link = BlockingLink(sock)
    meter = Meter(job.source)
    output = SourceOutput(link, job, meter.left_out)
    tags = SentTags()

    def hear(unit: Unit) -> None:
        if isinstance(unit, FlvTag | Lost):
            tags.put(unit)
        else:
            output.hear(unit)

    farewells = ExitStack()
    forks.listen(link, hear, farewells.close)
    came = False
    try:
        with Reporter(link, meter), output:
            for item in receive(_open(job.way, link, tags, meter, farewells), job.clock, meter):
                if not came:
                    came = True
                    link.send(Connected(job.way.protocol))
                output.put(item)
    except SourceBroken as broken:
        link.send(Lost(broken.code))


def _open(way: Way, link: BlockingLink, tags: SentTags, meter: Meter, farewells: ExitStack) -> CodedSource:
    match way:
        case RtmpWay():
            return RtmpSource(tags)
        case SrtWay(sock=sock):
            return SrtSource(sock)
        case PullWay(url=url, loop=loop):
            return open_source(pull_spec(url, loop=loop))
        case WhipWay(offer=offer, network=network):
            publisher = _whip(offer, network, link)
            farewells.callback(publisher.close)  # else it would send on until its consent checks fail
            return WhipCoded(publisher, meter.dropped)


def _whip(offer: str, network: RtcNetwork, link: BlockingLink) -> WhipSource:
    try:
        publisher = WhipSource(offer, network)
    except Refused as refused:
        link.send(WhipRefused(refused.code))
        raise SourceBroken(refused.code) from refused
    link.send(WhipAnswer(publisher.answer))
    return publisher
