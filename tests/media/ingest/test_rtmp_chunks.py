"""RTMP's chunk stream, against a writer of our own and against whatever the network may bring."""

import contextlib
import random
import struct
import time

import pytest

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest.rtmp_chunks import AUDIO, VIDEO, ChunkReader, Message, message
from tests.media.ingest.publisher import chunked


def _all(reader: ChunkReader, data: bytes) -> list[Message]:
    reader.push(data)
    return list(iter(reader.pop, None))


@pytest.mark.parametrize("piece", [1, 7, 129, 4096, 10**9])
@pytest.mark.parametrize("stamp", [0, 5000, 0xFFFFFF, 0xFFFFFFF0])
def test_messages_survive_any_cut_of_the_bytes(piece: int, stamp: int) -> None:
    dice = random.Random(7)
    sent = [(VIDEO, stamp + 33 * n, dice.randbytes(dice.randint(1, 3000))) for n in range(8)]
    wire = b"".join(chunked(kind, when, body) for kind, when, body in sent)
    reader, got = ChunkReader(), []
    for start in range(0, len(wire), piece):
        got += _all(reader, wire[start : start + piece])
    assert [(m.kind, m.timestamp, m.body) for m in got] == [(k, s & 0xFFFFFFFF, b) for k, s, b in sent]


def test_sound_between_the_chunks_of_a_picture() -> None:
    """Encoders put a small sound into the middle of a large picture, so that it isn't held up."""
    picture, sound = bytes(range(256)) * 5, b"\xaf\x01" + b"s" * 300
    whole, other = chunked(VIDEO, 40, picture, channel=6), chunked(AUDIO, 41, sound, channel=4)
    cut = 12 + 128 + 3 * 129
    got = _all(
        ChunkReader(), whole[:cut] + other[:140] + whole[cut : cut + 129] + other[140:] + whole[cut + 129 :]
    )
    assert [(m.kind, m.body) for m in got] == [(AUDIO, sound), (VIDEO, picture)]


def test_short_headers_add_up() -> None:
    wire = chunked(VIDEO, 1000, b"a" * 10)
    wire += b"\x44" + (33).to_bytes(3, "big") + (5).to_bytes(3, "big") + bytes((VIDEO,)) + b"b" * 5
    wire += b"\x84" + (34).to_bytes(3, "big") + b"c" * 5
    wire += b"\xc4" + b"d" * 5
    assert [(m.timestamp, m.body) for m in _all(ChunkReader(), wire)] == [
        (1000, b"a" * 10),
        (1033, b"b" * 5),
        (1067, b"c" * 5),
        (1101, b"d" * 5),
    ]


def test_type_3_chunks_without_their_extended_timestamp() -> None:
    """Some encoders leave it out, against section 5.3.1.3; after 4.7 hours they would be lost."""
    stamp, body = 20_000_000, b"x" * 300
    head = (
        b"\x04\xff\xff\xff"
        + len(body).to_bytes(3, "big")
        + bytes((VIDEO,))
        + b"\1\0\0\0"
        + struct.pack(">I", stamp)
    )
    wire = head + body[:128] + b"\xc4" + body[128:256] + b"\xc4" + body[256:]
    assert _all(ChunkReader(), wire) == [Message(VIDEO, 1, stamp, body)]


def test_large_channel_numbers() -> None:
    body = b"y" * 200
    for header in (b"\x00\x10", b"\x01\x10\x02"):
        number = header[0:1]
        wire = header + bytes(3) + len(body).to_bytes(3, "big") + bytes((VIDEO,)) + b"\1\0\0\0" + body[:128]
        wire += bytes((0xC0 | number[0],)) + header[1:] + body[128:]
        assert _all(ChunkReader(), wire) == [Message(VIDEO, 1, 0, body)]


def test_chunk_size_and_abort() -> None:
    reader = ChunkReader()
    body = b"z" * 5000
    wire = message(1, struct.pack(">I", 4096), chunk_size=128) + chunked(VIDEO, 1, body, size=4096)
    assert _all(reader, wire)[0].body == body
    torn = chunked(VIDEO, 2, body, size=4096)[: 12 + 4096]
    wire = torn + message(2, struct.pack(">I", 4), chunk_size=4096) + chunked(VIDEO, 3, b"new", size=4096)
    assert [m.body for m in _all(reader, wire)] == [b"new"]


@pytest.mark.parametrize(
    ("what", "wire"),
    [
        ("message too long", b"\x04" + bytes(3) + (200_000).to_bytes(3, "big") + bytes((VIDEO,)) + bytes(4)),
        ("a stream that begins without a header", b"\xc4" + bytes(200)),
        ("chunk size 0", chunked(1, 0, bytes(4), channel=2)),
        (
            "too much begun on several chunk streams",
            b"".join(chunked(VIDEO, 0, bytes(60_000), channel=3 + n)[:140] for n in range(2)),
        ),
        (
            "too many chunk streams",
            b"".join(chunked(VIDEO, 0, bytes(200), channel=3 + n)[:140] for n in range(60)) * 2,
        ),
    ],
)
def test_what_is_refused(what: str, wire: bytes) -> None:
    with pytest.raises(SourceBroken, match="bad-chunk"):
        _all(ChunkReader(limit=100_000), wire)


def test_random_bytes_end_in_order_and_use_bounded_memory() -> None:
    dice = random.Random(3)
    begin = time.monotonic()
    for _ in range(300):
        reader = ChunkReader(limit=65_536)
        with contextlib.suppress(SourceBroken):
            for _ in range(40):
                _all(reader, dice.randbytes(4096))
                assert len(reader._buffer) <= 65_536 + 4096 + 18
    assert time.monotonic() - begin < 20


def test_six_thousand_small_chunks_a_second_cost_little() -> None:
    """6 Mbit/s in chunks of 128 bytes, ten seconds of it: below 5 % of a core."""
    picture = chunked(VIDEO, 0, bytes(25_000))
    wire = picture * 300
    reader, begin = ChunkReader(), time.process_time()
    count = sum(len(_all(reader, wire[at : at + 65_536])) for at in range(0, len(wire), 65_536))
    assert count == 300
    assert time.process_time() - begin < 0.5
