"""Static files: whitenoise finds them, says how long they may be kept, and answers conditional requests."""

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

COMPRESSIBLE: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")


class StaticFiles(WhiteNoiseMiddleware):
    """Sends each file whole: Django's ASGI handler would read whitenoise's stream to its end anyway."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        headers = dict(found.headers)
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
            if found.status == 200 and _may_compress(headers, request):
                body = _compressed(file.name, Path(file.name).stat().st_mtime_ns)
                headers |= {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
                headers["Vary"] = "Accept-Encoding"
        return HttpResponse(body, status=found.status.value, headers=headers)


def _may_compress(headers: dict[str, str], request: HttpRequest) -> bool:
    return (
        headers.get("Content-Type", "").startswith(COMPRESSIBLE)
        and "Content-Encoding" not in headers
        and "gzip" in request.headers.get("Accept-Encoding", "")
    )


@lru_cache(maxsize=256)
def _compressed(path: str, changed: int) -> bytes:
    """changed makes a newer file a new entry of the cache."""
    return gzip.compress(Path(path).read_bytes(), compresslevel=9, mtime=0)
