"""What a new process gets of a publisher, and what a slow one loses."""

from amphitheatre.media.ingest import rtmp_memory
from amphitheatre.media.ingest.rtmp_memory import RtmpMemory
from amphitheatre.media.unit import FlvTag, Unit

CONFIG = b"\x17\x00\0\0\0config"
SOUND_CONFIG = b"\xaf\x00asc"
KEY, DELTA, SOUND = b"\x17\x01\0\0\0", b"\x27\x01\0\0\0", b"\xaf\x01"


class Process:
    """Takes tags while `backlog` allows."""

    def __init__(self) -> None:
        self.backlog = 0
        self.got: list[bytes] = []

    def send(self, unit: Unit) -> None:
        assert isinstance(unit, FlvTag)
        self.got.append(unit.body)


class Publisher:
    """Sends at `now`, seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self.memory = RtmpMemory(lambda: self.now)

    def send(self, *bodies: bytes) -> None:
        for body in bodies:
            self.memory.take(FlvTag(body[0] >> 4 != 0xA, 0, self.now, body))

    def process(self) -> Process:
        process = Process()
        self.memory.give_to(process)
        return process


def test_a_process_gets_everything_from_the_first_key_frame_on() -> None:
    publisher = Publisher()
    publisher.send(CONFIG, SOUND_CONFIG, KEY + b"0")
    process = publisher.process()
    publisher.send(SOUND + b"0", DELTA + b"1")
    assert process.got == [CONFIG, SOUND_CONFIG, KEY + b"0", SOUND + b"0", DELTA + b"1"]


def test_a_process_that_is_ready_before_the_publisher_says_anything_gets_everything_once() -> None:
    publisher = Publisher()
    process = publisher.process()
    sent = [SOUND_CONFIG, SOUND, CONFIG, SOUND, KEY, DELTA, SOUND]
    publisher.send(*sent)
    assert process.got == sent


def test_a_new_process_begins_with_the_newest_key_frame() -> None:
    publisher = Publisher()
    publisher.process()
    publisher.send(CONFIG, SOUND_CONFIG, KEY + b"0", DELTA + b"1", KEY + b"2", SOUND + b"2", DELTA + b"3")
    publisher.memory.give_to(None)
    publisher.send(DELTA + b"4")
    process = publisher.process()
    publisher.send(DELTA + b"5")
    assert process.got == [
        CONFIG,
        SOUND_CONFIG,
        KEY + b"2",
        SOUND + b"2",
        *(DELTA + n for n in (b"3", b"4", b"5")),
    ]
    assert publisher.memory.dropped == 0


def test_what_has_broken_a_process_is_not_given_to_the_next() -> None:
    publisher = Publisher()
    publisher.send(CONFIG, KEY + b"poison", DELTA)
    publisher.memory.forget()
    process = publisher.process()
    publisher.send(DELTA, SOUND, KEY + b"good", DELTA)
    assert process.got == [CONFIG, SOUND, KEY + b"good", DELTA]
    assert publisher.memory.dropped == 1


def test_a_process_that_falls_behind_goes_on_with_a_newer_key_frame() -> None:
    publisher = Publisher()
    process = publisher.process()
    publisher.send(CONFIG, KEY + b"0")
    process.backlog = 2**20
    publisher.send(*[DELTA + b"old"] * 5)
    publisher.now = 3.0
    publisher.send(KEY + b"1", DELTA + b"1")
    process.backlog = 0
    publisher.send(SOUND)
    assert process.got == [CONFIG, KEY + b"0", CONFIG, KEY + b"1", DELTA + b"1", SOUND]
    assert publisher.memory.dropped == 5


def test_a_moment_behind_is_caught_up_without_loss() -> None:
    publisher = Publisher()
    process = publisher.process()
    publisher.send(CONFIG, KEY + b"0")
    process.backlog = 2**20
    publisher.send(DELTA, KEY + b"1", DELTA)
    publisher.now = 1.0
    process.backlog = 0
    publisher.send(SOUND)
    assert process.got == [CONFIG, KEY + b"0", DELTA, KEY + b"1", DELTA, SOUND]


def test_a_sound_alone_needs_no_key_frame_and_is_not_kept() -> None:
    publisher = Publisher()
    first = publisher.process()
    publisher.send(SOUND_CONFIG, *(SOUND + bytes((n,)) for n in range(5)))
    publisher.memory.give_to(None)
    second = publisher.process()
    publisher.send(SOUND + b"new")
    assert first.got == [SOUND_CONFIG, *(SOUND + bytes((n,)) for n in range(5))]
    assert second.got == [SOUND_CONFIG, SOUND + b"\x04", SOUND + b"new"]


def test_a_picture_that_never_has_a_key_frame_again_takes_bounded_memory_and_goes_on() -> None:
    publisher = Publisher()
    process = publisher.process()
    large = DELTA + bytes(1_000_000)
    publisher.send(CONFIG, KEY, *[large] * 40)
    assert len(process.got) == 42
    assert publisher.memory.dropped == 0
    assert publisher.memory._bytes <= rtmp_memory._MOST
    later = publisher.process()
    publisher.send(large, KEY + b"1", DELTA)
    assert later.got == [CONFIG, KEY + b"1", DELTA]


def test_a_process_that_stands_still_costs_bounded_memory_and_the_pictures_up_to_a_key_frame() -> None:
    publisher = Publisher()
    process = publisher.process()
    process.backlog = 2**20
    large = DELTA + bytes(1_000_000)
    publisher.send(CONFIG, KEY, *[large] * 40)
    assert publisher.memory._bytes <= rtmp_memory._MOST
    process.backlog = 0
    publisher.send(KEY + b"1", DELTA)
    assert process.got[-3:] == [CONFIG, KEY + b"1", DELTA]
    assert publisher.memory.dropped > 20


def test_a_tag_that_nobody_understands_is_handed_on() -> None:
    """The process says what is wrong with it."""
    publisher = Publisher()
    process = publisher.process()
    publisher.send(b"\x12\x01\0\0\0what")
    assert process.got == [b"\x12\x01\0\0\0what"]
