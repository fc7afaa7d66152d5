"""Packets of anything that libavformat reads, for the openers that need it (SRT, pulled addresses, files)."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
from av.container import InputContainer

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.coded import AnyPacket, Coded, Track

_MICROSECOND = Fraction(1, 1_000_000)


def open_container(file: object, **arguments: object) -> InputContainer:
    """av.open for reading with errors translated: SourceBroken "unreachable" or "unreadable"."""
    try:
        return av.open(file, "r", **arguments)  # type: ignore[call-overload, no-any-return]  # its options are typed one by one
    except (av.InvalidDataError, av.EOFError) as error:
        raise SourceBroken("unreadable", _told(error)) from error
    except (av.FFmpegError, OSError) as error:
        raise SourceBroken("unreachable", _told(error)) from error


def tracks(container: InputContainer) -> dict[int, Track]:
    """The best picture and the best sound by their stream's index. Raises SourceBroken("unreadable")."""
    tracks: dict[int, Track] = {}
    for stream in (container.streams.best("video"), container.streams.best("audio")):
        if isinstance(stream, av.VideoStream):
            tracks[stream.index] = Track("picture", stream.codec_context, _base(stream))
        elif isinstance(stream, av.AudioStream):
            tracks[stream.index] = Track("sound", stream.codec_context, _base(stream))
    if not tracks:
        raise SourceBroken("unreadable", "neither picture nor sound")
    return tracks


def packets(
    container: InputContainer, tracks: dict[int, Track], arrived: Callable[[AnyPacket], float]
) -> Iterator[Coded]:
    """Packets of the tracks until the end; `arrived` tells or awaits each one's moment.

    Raises SourceBroken("unreadable") if reading fails.
    """
    try:
        for packet in container.demux([container.streams[index] for index in tracks]):
            if packet.size:  # the empty ones at the end are for decoders
                yield Coded(tracks[packet.stream_index], packet, arrived(packet))
    except av.FFmpegError as error:
        raise SourceBroken("unreadable", _told(error)) from error


def _base(stream: av.VideoStream | av.AudioStream) -> Fraction:
    return stream.time_base or _MICROSECOND


def _told(error: Exception) -> str:
    """What went wrong without the address, which may hold a password."""
    return getattr(error, "strerror", None) or type(error).__name__
