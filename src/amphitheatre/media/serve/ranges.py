"""Byte ranges of requests (RFC 9110, 14.2): one range; anything else means the whole."""

import re

from amphitheatre.media.serve.problem import Problem


def byte_range(header: bytes | None, size: int) -> tuple[int, int]:
    """First and last byte that are wanted of `size`. Raises Problem 416 for a range outside."""
    match = re.fullmatch(rb"bytes=(\d{0,18})-(\d{0,18})", header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return 0, size - 1
    if match[1] and match[2] and int(match[1]) > int(match[2]):
        return 0, size - 1  # invalid (14.1.1), so it is as if it had not been sent
    if match[1]:
        first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(match[2]), 0), size - 1
    if first > last:
        raise Problem(416, headers=[(b"content-range", b"bytes */%d" % size)])
    return first, last
