"""Hostile and broken streams: whatever comes, a source ends with SourceBroken or goes on, in bounded time.

Nothing is waited for here: time is the processor's own, which others can't make longer.
"""

import random
import time
from dataclasses import replace

import pytest

from amphitheatre.media.errors import SourceBroken
from amphitheatre.media.ingest import flv_tags
from amphitheatre.media.ingest.rtmp_chunks import VIDEO
from tests.media.ingest.mutation import mutated
from tests.media.ingest.publisher import (
    AAC,
    BARS,
    H264,
    PLAIN,
    TONE,
    Played,
    SentTag,
    chunked,
    recorded,
    taken,
    wired,
)

_PATIENCE = 6.0  # seconds of a core for one of the tests, whatever the dice say
_ENDS = {
    "closed",
    "reset",
    "bad-chunk",
    "bad-amf",
    "bad-command",
    "codec-unknown",
    "undecodable",
    "ended",
    "unreadable",
}


def _tags(seed: int) -> tuple[SentTag, ...]:
    sent = (
        (*PLAIN, "-ar", "48000"),
        (*BARS, *TONE, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", *AAC),
        (*BARS, *TONE, *H264, "-bf", "2", "-c:a", "libmp3lame", "-ar", "44100"),
    )
    return recorded(1.0, *sent[seed % len(sent)])


@pytest.mark.parametrize("seed", range(6))
def test_mutated_tags(seed: int) -> None:
    sent = _tags(seed)
    dice, begin, rounds = random.Random(seed), time.process_time(), 0
    while rounds < 2 or time.process_time() - begin < 0.7:
        rounds += 1
        tags = [
            replace(
                tag,
                body=mutated(tag.body, dice) if dice.random() < 0.3 else tag.body,
                stamp=dice.getrandbits(32) if dice.random() < 0.02 else tag.stamp,
            )
            for tag in sent
        ]
        wire = b"".join(chunked(t.kind, t.stamp, t.body, channel=4 + t.kind) for t in tags)
        assert taken(wired(wire)).end in _ENDS
    assert time.process_time() - begin < _PATIENCE


@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_wire(seed: int) -> None:
    wire = b"".join(chunked(t.kind, t.stamp, t.body, channel=4 + t.kind) for t in _tags(seed))
    dice, begin = random.Random(seed), time.process_time()
    while time.process_time() - begin < 0.5:
        start = dice.randrange(len(wire))
        hurt = wire[:start] + mutated(wire[start : start + 2000], dice) + wire[start + 2000 :]
        assert taken(wired(hurt, dice.choice((7, 1000, 65_536)))).end in _ENDS
    assert time.process_time() - begin < _PATIENCE


def test_random_bytes() -> None:
    dice = random.Random(1)
    for _ in range(40):
        assert taken(wired(dice.randbytes(20_000))).end in _ENDS


def test_random_tags() -> None:
    dice = random.Random(2)
    for _ in range(20_000):
        body = dice.randbytes(dice.randint(0, 12))
        for parse in (flv_tags.video, flv_tags.audio):
            try:
                tag = parse(body)
            except SourceBroken as broken:
                assert broken.code == "codec-unknown"  # noqa: PT017  # both outcomes are right
            else:
                assert tag is None or (tag.config is None) != (tag.data is None)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_stream_cut_short_gives_what_it_had(part: float) -> None:
    wire = b"".join(chunked(t.kind, t.stamp, t.body, channel=4 + t.kind) for t in _tags(0))
    received = taken(wired(wire[: int(len(wire) * part)]))
    assert received.end == "closed"
    assert len(received.pictures) == pytest.approx(30 * part, abs=12)


def test_nothing_but_rubbish_is_given_up() -> None:
    dice = random.Random(4)
    config = next(tag for tag in _tags(0) if tag.kind == VIDEO and tag.describes)
    rubbish = [
        SentTag(VIDEO, n * 33, b"\x17\x01\x00\x00\x00" + dice.randbytes(400), 100 + n * 0.033)
        for n in range(800)
    ]
    received = taken(Played([config, *rubbish]))
    assert received.end == "undecodable"
    assert received.report is not None
    assert received.report.dropped == 500
