"""Cross-origin rules: web's pages, and nobody else's, may read with credentials."""

from urllib.parse import urlsplit

from amphitheatre.media.serve.problem import Headers, Scope

_ALWAYS = [(b"vary", b"Origin"), (b"x-content-type-options", b"nosniff")]


class Cors:
    """Web is on the same host name at `web_port`, or at one of `origins`."""

    def __init__(self, web_port: int, origins: frozenset[str] = frozenset()) -> None:
        self._web_port = web_port
        self._origins = origins
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
        text = origin.decode("latin-1")
        try:
            parts = urlsplit(text)
            own_host = urlsplit(f"//{host.decode('latin-1')}").hostname
            same = parts.hostname == own_host and parts.port == self._web_port
        except ValueError:  # no address, such as one whose port is no number
            same = False
        if not same and text not in self._origins:
            return _ALWAYS
        return [
            *_ALWAYS,
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"location, link, etag, retry-after, age, date"),
        ]


PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, if-match, range"),
    (b"access-control-max-age", b"7200"),
]
