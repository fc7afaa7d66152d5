"""A page's leave to send more in one request than everybody may: signed, for one address, for some hours."""

from typing import Final
from urllib.parse import parse_qs

from django.core import signing

from amphitheatre.web.asgi_types import Message

_LASTS: Final = 12 * 3600  # seconds
_FIELD: Final = "pass"
_SALT: Final = "amphitheatre.body-pass"


def passing(path: str, most: int) -> str:
    """The address with the pass in it. most: bytes of the body."""
    return f"{path}?{_FIELD}={signing.dumps([path, most], salt=_SALT)}"


def most_of(scope: Message) -> int:
    """Bytes that the request's pass allows; 0 without a good one."""
    said = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(_FIELD, [""])[0]
    try:
        path, most = signing.loads(said, salt=_SALT, max_age=_LASTS)
    except (signing.BadSignature, ValueError):
        return 0
    return int(most) if path == scope["path"] else 0
