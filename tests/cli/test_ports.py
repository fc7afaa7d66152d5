import socket
from collections.abc import Iterator

import pytest

from amphitheatre.cli.ports import Port, complaint, needed
from amphitheatre.media.config import MediaConfig


@pytest.fixture(params=[socket.SOCK_STREAM, socket.SOCK_DGRAM])
def taken(request: pytest.FixtureRequest) -> Iterator[Port]:
    with socket.socket(socket.AF_INET, request.param) as holder:
        holder.bind(("127.0.0.1", 0))
        if request.param is socket.SOCK_STREAM:
            holder.listen()
        yield Port("pages", holder.getsockname()[1], "AMPHITHEATRE_WEB_PORT", request.param)


def test_a_taken_port_says_what_to_do_and_names_a_free_one(taken: Port) -> None:
    said = complaint(taken, "127.0.0.1")
    assert said is not None
    assert f"Port {taken.number} (pages) is taken by another program" in said
    other = int(said.partition("AMPHITHEATRE_WEB_PORT=")[2].split()[0])
    assert other != taken.number
    assert complaint(Port("pages", other, "", taken.kind), "127.0.0.1") is None


def test_a_port_whose_last_connection_has_just_closed_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", number))
        server.accept()[0].close()  # the server's end closes first, so it lingers in TIME-WAIT
        client.close()
    assert complaint(Port("pages", number, "AMPHITHEATRE_WEB_PORT"), "127.0.0.1") is None


def test_an_address_that_is_not_ours_is_told_apart() -> None:
    said = complaint(Port("media", 8010, "AMPHITHEATRE_MEDIA_PORT"), "192.0.2.1")
    assert said is not None
    assert "can't be opened on 192.0.2.1" in said


def test_every_port_of_the_configuration_is_looked_at() -> None:
    config = MediaConfig(web_port=1, media_port=2, rtmp_port=3, srt_port=4)
    assert [(port.number, port.kind is socket.SOCK_DGRAM) for port in needed(config)] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
    ]
