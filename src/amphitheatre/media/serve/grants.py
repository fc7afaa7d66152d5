"""Grants: verified offline against web's public key; deny first."""

import json
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

import msgspec
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import ANY_ROOM, COOKIE, ISSUER, Grant, Role
from amphitheatre.media.errors import ConfigurationError
from amphitheatre.media.serve.problem import Problem, Scope

# RFC 9864 renames EdDSA to Ed25519; grants keep the name that proxies and libraries of today verify.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)

_REMEMBERED: Final = 20_000  # tokens, good and bad
_LONGEST_TOKEN: Final = 4096
_FAILURES: Final = 30  # failed attempts of one address …
_PER: Final = 60.0  # … in so many seconds
_ADDRESSES: Final = 10_000

MAY_WATCH: Final = frozenset((Role.VIEWER, Role.SPEAKER, Role.INTERPRETER, Role.MODERATOR, Role.TECHNICIAN))
MAY_PUBLISH_VIEW: Final = frozenset((Role.SPEAKER, Role.TECHNICIAN))
MAY_PUBLISH_LANGUAGE: Final = frozenset((Role.INTERPRETER, Role.TECHNICIAN))
MAY_EXPORT: Final = frozenset((Role.TECHNICIAN, Role.MODERATOR))
MAY_SEE_SOURCES: Final = frozenset((Role.TECHNICIAN,))


class Gate:
    """Knows the public key; remembers tokens that it has seen. now: Unix time, seconds."""

    def __init__(self, key: OKPKey, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now
        self._known: OrderedDict[str, Grant | None] = OrderedDict()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self.refused = 0

    def grant(self, scope: Scope, room: str, allowed: frozenset[Role]) -> Grant:
        """The request's grant for that room. Raises Problem 401, 403 or 429, the same whether the room exists."""
        grant = self.bearer(scope)
        if grant.room != room or grant.role not in allowed:
            raise Problem(403)
        return grant

    def control(self, scope: Scope) -> Grant:
        """Web's own grant. Raises Problem."""
        grant = self.bearer(scope)
        if grant.role is not Role.CONTROL or grant.room != ANY_ROOM:
            raise Problem(403)
        return grant

    def bearer(self, scope: Scope) -> Grant:
        """Any valid grant. Raises Problem 401 or 429."""
        return self.token(credentials(scope), _address(scope))

    def token(self, token: str | None, address: str) -> Grant:
        """The grant that a token is; address: whose attempt it is. Raises Problem 401 or 429."""
        grant = self._verified(token) if token else None
        if grant is None:
            self._failed(address)
            raise Problem(401, headers=[(b"www-authenticate", b"Bearer")])
        return grant

    def _verified(self, token: str) -> Grant | None:
        if token in self._known:
            grant = self._known[token]
        else:
            grant = self._verify(token)
            self._known[token] = grant
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return grant if grant is not None and grant.exp > self._now() else None

    def _verify(self, token: str) -> Grant | None:
        if len(token) > _LONGEST_TOKEN:
            return None
        try:
            signed = jws.deserialize_compact(token, self._key, algorithms=["EdDSA", "Ed25519"])
            grant = msgspec.json.decode(signed.payload, type=Grant)
        except (JoseError, msgspec.DecodeError, ValueError):
            return None
        return grant if grant.iss == ISSUER else None

    def _failed(self, address: str) -> None:
        self.refused += 1
        now = self._now()
        recent = [at for at in self._failures.pop(address, []) if now - at < _PER]
        self._failures[address] = [*recent[-_FAILURES:], now]
        if len(self._failures) > _ADDRESSES:
            self._failures.popitem(last=False)
        if len(recent) >= _FAILURES:
            raise Problem(429, headers=[(b"retry-after", b"60")])


def load_public_key(path: Path) -> OKPKey:
    """Raises ConfigurationError if there is none or it is damaged."""
    try:
        return OKPKey.import_key(json.loads(path.read_bytes()))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} is missing; 'amphitheatre up' makes the keys") from error
    except (JoseError, ValueError) as error:
        raise ConfigurationError(f"{path} is no Ed25519 public key (JWK): {error}") from error


def credentials(scope: Scope) -> str | None:
    """The request's token, from the header, the cookie or the query, in this order."""
    cookie: str | None = None
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return bytes(value[7:]).decode("latin-1").strip()
        if name == b"cookie" and cookie is None:
            cookie = _cookie(bytes(value).decode("latin-1"))
    if cookie:
        return cookie
    query: bytes = scope["query_string"]
    if b"grant=" in query and (values := parse_qs(query.decode("latin-1")).get("grant")):
        return values[0]
    return None


def _cookie(header: str) -> str | None:
    if COOKIE not in header:
        return None
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
