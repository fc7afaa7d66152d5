"""RTMP's plain handshake, the server's side (RTMP 1.0, section 5.2)."""

import os
from typing import Final

from amphitheatre.media.errors import SourceBroken

_VERSION: Final = 3
SIZE: Final = 1536  # bytes of C1, C2, S1 and S2


def answer(c0_c1: bytes) -> bytes:
    """S0, S1 and S2 to the client's first 1537 bytes. Raises SourceBroken("not-rtmp").

    S2 echoes C1, as the plain handshake asks; the digests of Adobe's own players are not wanted by encoders.
    """
    if len(c0_c1) != 1 + SIZE or c0_c1[0] != _VERSION:
        raise SourceBroken("not-rtmp", "unknown version")
    return bytes((_VERSION,)) + bytes(8) + os.urandom(SIZE - 8) + c0_c1[1:]
