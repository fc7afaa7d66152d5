import socket
import struct

import pytest

from amphitheatre.camera import flv, rtmp
from amphitheatre.camera.errors import PublishError, RefusedError
from amphitheatre.camera.rtmp import RtmpPublisher
from tests.camera.origin import REFUSAL, Origin, command
from tests.camera.waiting import until


def test_it_publishes_under_its_key() -> None:
    with Origin() as origin:
        publisher = RtmpPublisher(origin.url("a-secret-key?takeover=1"))
        publisher.send(flv.PICTURE, 40, b"\x17picture")
        publisher.close()
        until(lambda: b"picture" in origin.taken[0])
        assert flv.amf("publish") in origin.taken[0]
        assert flv.amf("a-secret-key?takeover=1") in origin.taken[0]


def test_a_late_timestamp_is_extended() -> None:
    with Origin() as origin:
        publisher = RtmpPublisher(origin.url())
        publisher.send(flv.SOUND, 0x01234567, b"\xaf\x01sound")
        publisher.close()
        until(lambda: b"sound" in origin.taken[0])
        head = b"\xff\xff\xff" + struct.pack(">I", 7)[1:] + b"\x08" + struct.pack("<I", 1)
        assert head + struct.pack(">I", 0x01234567) + b"\xaf\x01sound" in origin.taken[0]


def test_a_refusal_is_told_apart() -> None:
    with Origin(status=REFUSAL) as origin, pytest.raises(RefusedError, match="BadName"):
        RtmpPublisher(origin.url())


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PublishError, match="nobody answers"):
        RtmpPublisher(f"rtmp://127.0.0.1:{port}/live/key")


@pytest.mark.parametrize("url", ["rtmp://127.0.0.1", "rtmp://127.0.0.1/live", "http://127.0.0.1/live/key"])
def test_an_address_without_a_key_is_refused(url: str) -> None:
    with pytest.raises(PublishError, match="looks like"):
        RtmpPublisher(url)


def test_a_lost_origin_is_noticed_while_sending() -> None:
    with Origin() as origin:
        publisher = RtmpPublisher(origin.url())
        origin.hang_up()

        def lost() -> bool:
            try:
                publisher.send(flv.SOUND, 0, b"sound")
            except PublishError:
                return True
            return False

        until(lost)
        publisher.close()


def test_a_ping_is_answered() -> None:
    with Origin() as origin:
        publisher = RtmpPublisher(origin.url())
        origin.say(b"\x02\x00\x00\x00\x00\x00\x06\x04\x00\x00\x00\x00" + struct.pack(">HI", 6, 0xABCDEF12))

        def answered() -> bool:
            publisher.send(flv.SOUND, 0, b"sound")
            return struct.pack(">HI", 7, 0xABCDEF12) in origin.taken[0]

        until(answered)
        publisher.close()


def test_answers_come_in_any_slices() -> None:
    long = "x" * 300  # goes over several chunks
    data = command("_result", 1, {"text": long}, None) + command(
        "onStatus", 0, None, {"code": "C", "level": "status"}
    )
    whole, sliced = rtmp._Answers(), rtmp._Answers()
    whole.fed(data)
    for place in range(len(data)):
        sliced.fed(data[place : place + 1])
    first = whole.taken()
    assert first is not None
    assert first[:3] == ["_result", 1.0, {"text": long}]
    assert sliced.taken() == first
    assert sliced.taken() == whole.taken() != None  # noqa: E711  # both have the second command
    assert sliced.taken() is None


def test_an_answer_without_end_ends_the_connection() -> None:
    with pytest.raises(PublishError, match="too large"):
        rtmp._Answers().fed(b"\x03\x00\x00\x00\xff\xff\xff\x14\x00\x00\x00\x00")
