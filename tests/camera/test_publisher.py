import pytest

from amphitheatre.camera import flv
from amphitheatre.camera.intake import Intake
from amphitheatre.camera.publisher import Publisher
from amphitheatre.camera.track import Format, Piece, Timeline
from tests.camera.origin import Origin
from tests.camera.waiting import until

FORM = Format(picture=b"\x17\x00header", sound=b"\xaf\x00header", facts={"width": 1280})


def picture(at: int, key: bool = False, body: bytes = b"\x27picture") -> Piece:
    return Piece(flv.PICTURE, at, key, body)


def sound(at: int) -> Piece:
    return Piece(flv.SOUND, at, True, b"\xaf\x01sound")


def test_a_stream_begins_with_headers_and_an_independent_picture() -> None:
    with Origin() as origin:
        publisher = Publisher("test", origin.url(), FORM)
        until(lambda: publisher.wanted)
        publisher.put(sound(900))
        publisher.put(picture(950, body=b"\x27too early"))
        assert publisher.hungry
        publisher.put(picture(1000, key=True, body=b"\x17first"))
        publisher.put(picture(1033, body=b"\x27second"))
        until(lambda: b"second" in origin.taken[0])
        publisher.close()
        taken = bytes(origin.taken[0])
        assert b"too early" not in taken
        assert taken.index(b"onMetaData") < taken.index(b"\x17\x00header") < taken.index(b"first")


def test_it_comes_back_when_the_origin_does() -> None:
    with Origin() as origin:
        publisher = Publisher("test", origin.url(), FORM)
        until(lambda: publisher.wanted)
        publisher.put(picture(0, key=True))
        port = origin.port
        origin.hang_up()
        at = iter(range(33, 100_000, 33))

        def noticed() -> bool:
            publisher.put(picture(next(at)))
            return len(origin.taken) > 1 or not publisher.wanted

        until(noticed)
    with Origin(port=port) as origin:
        until(lambda: publisher.wanted and publisher.hungry)
        publisher.put(picture(5000, key=True, body=b"\x17back"))
        until(lambda: b"back" in origin.taken[-1])
        publisher.close()


def test_it_ends_while_nobody_is_there() -> None:
    with Origin() as origin:
        url = origin.url()
    publisher = Publisher("test", url, FORM)
    publisher.put(picture(0, key=True))
    publisher.close()
    assert not publisher._thread.is_alive()


def test_what_does_not_fit_is_dropped_counted_and_followed_by_an_independent_picture() -> None:
    intake = Intake(FORM, limit=2)
    intake.open()
    for piece in (picture(0, key=True), picture(33), picture(67), picture(100)):
        intake.put(piece)
    assert (intake.dropped, intake.hungry) == (1, True)
    assert [piece.at for piece in (intake.take(0), intake.take(0)) if piece] == [0, 33]
    intake.put(picture(133))
    intake.put(picture(167, key=True))
    taken = intake.take(0)
    assert taken is not None
    assert taken.at == 167


@pytest.mark.parametrize(
    ("moments", "places"),
    [
        ([5000, 5033, 5021], [0, 33, 21]),  # sound between pictures
        ([5000, 4990], [0, None]),  # from before the beginning
        ([5000, 5033, 1000, 1033], [0, 33, 73, 106]),  # the clock was set back
        ([5000, 5033, 900_000, 900_033], [0, 33, 73, 106]),  # and forth
    ],
)
def test_a_timeline_starts_at_zero_and_survives_a_set_clock(
    moments: list[int], places: list[int | None]
) -> None:
    timeline = Timeline()
    assert [timeline.place(picture(moment)) for moment in moments] == places
