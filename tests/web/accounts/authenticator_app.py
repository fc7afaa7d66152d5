"""The app on a person's phone: time-based one-time passwords (RFC 6238: SHA-1, 30 s, 6 digits)."""

import base64
import hashlib
import hmac
import time


def code_of(secret: str, late: int = 0) -> str:
    """What the app shows now, or showed `late` seconds ago. secret: base32, as the set-up page shows it."""
    counter = (int(time.time()) - late) // 30
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), hashlib.sha1)
    at = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06d}"
