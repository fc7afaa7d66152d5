"""One way to open all sources that a process opens by itself, from a description that can cross to it."""

from pathlib import Path

import msgspec

from amphitheatre.media.ingest.coded import CodedSource
from amphitheatre.media.ingest.file import FileSource
from amphitheatre.media.ingest.pull import PullSource


class PullSpec(msgspec.Struct, frozen=True, tag="pull"):
    """url: rtsp://, http(s):// (a stream, a file or an HLS playlist)."""

    url: str


class FileSpec(msgspec.Struct, frozen=True, tag="file"):
    """Play the file in real time, over and over where `loop` is set."""

    path: str
    loop: bool = False


Spec = PullSpec | FileSpec


def pull_spec(url: str, *, loop: bool) -> PullSpec | FileSpec:
    """The description of a plan's `PullSource`: a path or a file:// address is a file."""
    if url.startswith("file://"):
        return FileSpec(url.removeprefix("file://"), loop)
    return PullSpec(url) if "://" in url else FileSpec(url, loop)


def open_source(spec: Spec) -> CodedSource:
    """Open it; what the network has to do first happens in its `packets`. Raises SourceBroken."""
    match spec:
        case PullSpec(url=url):
            return PullSource(url)
        case FileSpec(path=path, loop=loop):
            return FileSource(Path(path), loop=loop)
