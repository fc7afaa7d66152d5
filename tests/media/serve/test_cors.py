import pytest

from amphitheatre.media.serve.cors import Cors
from amphitheatre.media.serve.problem import Headers

HTTP = ("http", 8000)
HTTPS = ("https", 443)


def ask(cors: Cors, origin: str | None, host: str = "media.example.org:8001") -> dict[bytes, bytes]:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    answer: Headers = cors.headers({"headers": headers})
    return dict(answer)


@pytest.mark.parametrize(
    ("web", "origin"),
    [
        (HTTP, "http://media.example.org:8000"),
        (("http", 80), "http://media.example.org"),
        (HTTPS, "https://media.example.org"),
    ],
)
def test_web_s_pages_may_read_with_credentials(web: tuple[str, int], origin: str) -> None:
    cors = Cors(web)
    for _ in range(2):  # the second one is remembered
        headers = ask(cors, origin)
        assert headers[b"access-control-allow-origin"] == origin.encode()
        assert headers[b"access-control-allow-credentials"] == b"true"
        assert headers[b"vary"] == b"Origin"


@pytest.mark.parametrize("web", [HTTP, HTTPS])
@pytest.mark.parametrize(
    "origin",
    [
        "http://media.example.org:8001",
        "http://media.example.org",
        "https://media.example.org:8000",
        "http://media.example.org:443",
        "http://evil.example.org:8000",
        "https://evil.example.org",
        "https://media.example.org.evil.example",
        "http://media.example.org:port",
        "http://[::1",
        "null",
        "",
        None,
    ],
)
def test_nobody_else_s_may(web: tuple[str, int], origin: str | None) -> None:
    headers = ask(Cors(web), origin)
    assert b"access-control-allow-origin" not in headers
    assert b"access-control-allow-credentials" not in headers
    assert headers[b"vary"] == b"Origin"


def test_what_holds_for_one_host_is_not_remembered_for_another() -> None:
    cors = Cors(HTTP)
    assert b"access-control-allow-origin" in ask(cors, "http://media.example.org:8000")
    other = ask(cors, "http://media.example.org:8000", host="elsewhere.example.org:8001")
    assert b"access-control-allow-origin" not in other


def test_no_answer_is_guessed_at() -> None:
    assert ask(Cors(HTTP), None)[b"x-content-type-options"] == b"nosniff"
