"""Cross-origin rules: web's pages, and nobody else's, may read with credentials."""

from urllib.parse import urlsplit

from amphitheatre.media.serve.problem import Headers, Scope

_ALWAYS = [(b"vary", b"Origin"), (b"x-content-type-options", b"nosniff")]


_DEFAULT_PORTS = {"http": 80, "https": 443}


class Cors:
    """Web is on the host name that media was asked by; web: with this scheme and at this port."""

    def __init__(self, web: tuple[str, int]) -> None:
        self._web = web
        self._known: dict[tuple[bytes, bytes], Headers] = {}

    def headers(self, scope: Scope) -> Headers:
        """What every answer to this request carries."""
        origin = host = b""
        for name, value in scope["headers"]:
            if name == b"origin":
                origin = value
            elif name == b"host":
                host = value
        if not origin:
            return _ALWAYS
        known = self._known.get((origin, host))
        if known is None:
            known = self._decide(origin, host)
            if len(self._known) < 1000:
                self._known[origin, host] = known
        return known

    def _decide(self, origin: bytes, host: bytes) -> Headers:
        try:
            parts = urlsplit(origin.decode("latin-1"))
            own_host = urlsplit(f"//{host.decode('latin-1')}").hostname
            place = (parts.scheme, parts.port or _DEFAULT_PORTS.get(parts.scheme))
        except ValueError:  # no address, such as one whose port is no number
            return _ALWAYS
        if parts.hostname != own_host or place != self._web:
            return _ALWAYS
        return [
            *_ALWAYS,
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"location, link, etag, retry-after, age, date"),
            # The player measures the line by the browser's own notes of when bytes came (Resource Timing).
            (b"timing-allow-origin", origin),
        ]


PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, if-match, range"),
    (b"access-control-max-age", b"7200"),
]
