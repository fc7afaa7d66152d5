"""The publisher's connection in the source's process, beyond what test_decode and test_fuzz show of it."""

import contextlib
import itertools
import socket
import struct
import threading
import time

import pytest

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import amf0
from amphitheatre.media.ingest.rtmp_chunks import (
    ACKNOWLEDGEMENT,
    AUDIO,
    COMMAND,
    USER_CONTROL,
    ChunkReader,
    ChunkState,
    message,
)
from amphitheatre.media.ingest.rtmp_reader import RtmpSource
from tests.media.ingest.publisher import AAC, TONE, chunked, recorded, wired


def _end(source: RtmpSource) -> str:
    with pytest.raises(SourceBroken) as broken:
        for _ in source.packets():
            pass
    return broken.value.code


def test_silence_is_noticed() -> None:
    ours, theirs = socket.socketpair()
    with contextlib.closing(ours):
        source = RtmpSource(theirs, ChunkState(), silence=0.2)
        assert _end(source) == "silent"
        source.close()


def test_talk_without_media_is_silence() -> None:
    ping = message(USER_CONTROL, struct.pack(">HI", 6, 1), chunk_size=128)
    ours, theirs = socket.socketpair()
    source, stop = RtmpSource(theirs, ChunkState(), silence=0.4), threading.Event()

    def talk() -> None:
        while not stop.wait(0.05):
            ours.send(ping)

    talker = threading.Thread(target=talk)
    talker.start()
    assert _end(source) == "silent"
    stop.set()
    talker.join()
    source.close()
    ours.close()


@pytest.mark.parametrize("farewell", ["deleteStream", "FCUnpublish"])
def test_a_farewell_is_an_orderly_end(farewell: str) -> None:
    with wired(message(COMMAND, amf0.encode(farewell, 6.0, None, 1.0), channel=3, chunk_size=128)) as source:
        assert _end(source) == "ended"


def test_closing_ends_a_waiting_reader() -> None:
    ours, theirs = socket.socketpair()
    source = RtmpSource(theirs, ChunkState(), silence=60)
    ends: list[str] = []
    reader = threading.Thread(target=lambda: ends.append(_end(source)))
    reader.start()
    begin = time.monotonic()
    source.close()
    reader.join(5)
    assert ends
    assert ends[0] in ("closed", "reset")
    assert time.monotonic() - begin < 2
    source.close()
    ours.close()


def test_pings_are_answered_and_bytes_acknowledged() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(message(USER_CONTROL, struct.pack(">HI", 6, 77), chunk_size=128))
    source = RtmpSource(theirs, ChunkState(), silence=5)
    reader = threading.Thread(target=_end, args=(source,))
    reader.start()
    ours.sendall(b"".join(chunked(AUDIO, n, b"\xaf\x01" + bytes(30_000)) for n in range(40)))
    ours.shutdown(socket.SHUT_WR)
    reader.join(5)
    source.close()
    chunks = ChunkReader()
    with contextlib.closing(ours):
        while data := ours.recv(4096):
            chunks.push(data)
    heard = {m.kind: m.body for m in iter(chunks.pop, None)}
    assert heard[USER_CONTROL] == struct.pack(">HI", 7, 77)
    assert struct.unpack(">I", heard[ACKNOWLEDGEMENT])[0] >= 1_000_000


def test_it_goes_on_from_what_the_door_has_read() -> None:
    tags = recorded(1.0, *TONE, *AAC)
    wire = b"".join(chunked(tag.kind, tag.stamp, tag.body) for tag in tags)
    door = ChunkReader()
    door.push(wire[:700])
    ours, theirs = socket.socketpair()
    ours.sendall(wire[700:])
    ours.shutdown(socket.SHUT_WR)
    source = RtmpSource(theirs, door.handover())
    sent = [tag.body[2:] for tag in tags if not tag.describes]
    assert [bytes(coded.packet) for coded in itertools.islice(source.packets(), len(sent))] == sent
    source.close()
    ours.close()
