"""Large files from disk, in pieces, with ranges: a download can be taken up again."""

import asyncio
import os
from pathlib import Path
from typing import Final

from amphitheatre.media.serve.problem import Headers, Problem, Scope, Send, header
from amphitheatre.media.serve.ranges import byte_range

_PIECE: Final = 1 << 20  # bytes


async def answer_file(send: Send, path: Path, name: str, scope: Scope, headers: Headers) -> None:
    """The whole file or one range of it (RFC 9110, 14.2), to be saved as name. Raises Problem 404 or 416."""
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        raise Problem(404) from None
    with file:
        size = os.fstat(file.fileno()).st_size
        first, last = byte_range(header(scope, b"range"), size)
        status = 206 if (first, last) != (0, size - 1) else 200
        more = [
            (b"content-type", b"video/mp4"),
            (b"content-disposition", b'attachment; filename="%s"' % name.encode()),
            (b"accept-ranges", b"bytes"),
            (b"cache-control", b"no-store"),
            (b"content-length", str(last - first + 1).encode()),
        ]
        if status == 206:
            more.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
        await send({"type": "http.response.start", "status": status, "headers": [*more, *headers]})
        file.seek(first)
        left = last - first + 1
        while left > 0:
            piece = await asyncio.to_thread(file.read, min(left, _PIECE))
            if not piece:
                break
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
