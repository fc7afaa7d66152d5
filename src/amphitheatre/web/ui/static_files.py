"""Static files, answered before Django: whitenoise finds them and says how long they may be kept."""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final

from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from amphitheatre.web.asgi_types import Application, Message, Receive, Send

COMPRESSIBLE: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
# What Django's middlewares would say of them: a drawing that is opened on its own runs nothing.
POLICY: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


class StaticFiles:
    """An ASGI application around Django's, whose chain of middlewares would cost each file some 2 ms."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._files: dict[str, StaticFile] = WhiteNoiseMiddleware(application).files

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        file = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if file is None:
            await self._application(scope, receive, send)
            return
        status, headers, body = _answer(file, scope["method"], _environ(scope["headers"]))
        fields = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
        ]
        await send({"type": "http.response.start", "status": status, "headers": fields + POLICY})
        await send({"type": "http.response.body", "body": body})


def _answer(file: StaticFile, method: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields and body."""
    found = file.get_response(method, asked)
    headers = dict(found.headers)
    body = b""
    if found.file is not None:
        with found.file as opened:
            body = opened.read()
        if found.status == 200 and _may_compress(headers, asked):
            body = _compressed(opened.name, Path(opened.name).stat().st_mtime_ns)
            headers |= {
                "Content-Encoding": "gzip",
                "Content-Length": str(len(body)),
                "Vary": "Accept-Encoding",
            }
    return found.status.value, headers, body


def _environ(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by the names that WSGI gives them."""
    return {
        "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in headers
    }


def _may_compress(headers: dict[str, str], asked: dict[str, str]) -> bool:
    return (
        headers.get("Content-Type", "").startswith(COMPRESSIBLE)
        and "Content-Encoding" not in headers
        and "gzip" in asked.get("HTTP_ACCEPT_ENCODING", "")
    )


@lru_cache(maxsize=256)
def _compressed(path: str, changed: int) -> bytes:
    """changed makes a newer file a new entry of the cache."""
    return gzip.compress(Path(path).read_bytes(), compresslevel=9, mtime=0)
