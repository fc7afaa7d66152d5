"""One way to open all sources, from a description that can cross from the origin to the source's process."""

import socket

import msgspec

from amphitheatre.media.ingest.coded import CodedSource
from amphitheatre.media.ingest.rtmp_chunks import ChunkState
from amphitheatre.media.ingest.rtmp_reader import RtmpSource


class RtmpSpec(msgspec.Struct, frozen=True, tag="rtmp"):
    """fd: of the publisher's connection, as it is in this process; owned by the source from now on."""

    fd: int
    state: ChunkState


def open_source(spec: RtmpSpec) -> CodedSource:
    """Raises SourceBroken if it can't be opened."""
    return RtmpSource(socket.socket(fileno=spec.fd), spec.state)
