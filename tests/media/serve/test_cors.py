import pytest

from amphitheatre.media.serve.cors import Cors
from amphitheatre.media.serve.problem import Headers


@pytest.fixture
def cors() -> Cors:
    return Cors(8000, frozenset({"https://congress.example.org"}))


def ask(cors: Cors, origin: str | None, host: str = "media.example.org:8001") -> dict[bytes, bytes]:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    answer: Headers = cors.headers({"headers": headers})
    return dict(answer)


@pytest.mark.parametrize("origin", ["http://media.example.org:8000", "https://congress.example.org"])
def test_web_s_pages_may_read_with_credentials(cors: Cors, origin: str) -> None:
    for _ in range(2):  # the second one is remembered
        headers = ask(cors, origin)
        assert headers[b"access-control-allow-origin"] == origin.encode()
        assert headers[b"access-control-allow-credentials"] == b"true"
        assert headers[b"vary"] == b"Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "http://media.example.org:8001",
        "http://media.example.org",
        "http://evil.example.org:8000",
        "https://congress.example.org.evil.example",
        "http://media.example.org:port",
        "http://[::1",
        "null",
        "",
        None,
    ],
)
def test_nobody_else_s_may(cors: Cors, origin: str | None) -> None:
    headers = ask(cors, origin)
    assert b"access-control-allow-origin" not in headers
    assert b"access-control-allow-credentials" not in headers
    assert headers[b"vary"] == b"Origin"


def test_what_holds_for_one_host_is_not_remembered_for_another(cors: Cors) -> None:
    assert b"access-control-allow-origin" in ask(cors, "http://media.example.org:8000")
    other = ask(cors, "http://media.example.org:8000", host="elsewhere.example.org:8001")
    assert b"access-control-allow-origin" not in other


def test_no_answer_is_guessed_at(cors: Cors) -> None:
    assert ask(cors, None)[b"x-content-type-options"] == b"nosniff"
