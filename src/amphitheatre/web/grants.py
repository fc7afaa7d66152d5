"""Signing of grants and the keys for it. Needs no Django set-up, so the command line signs with it too.

The keys stand in the data folder: ``keys/grant.jwk`` (Ed25519, private, ours alone),
``keys/grant.public.jwk`` (media verifies with it) and ``keys/event.token`` (media shows it when it
tells web an event). Secrets have mode 0600.
"""

import json
import os
import secrets
import time
import warnings
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import ANY_ROOM, ISSUER, Grant, Role

ALGORITHM: Final = "EdDSA"
CONTROL_TTL: Final = 60  # seconds; a control grant is signed anew for each call

# RFC 9864 renames EdDSA to Ed25519; the contract keeps the name that proxies and libraries of today verify.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)


class KeyFileError(Exception):
    """A key file is there but can't be used; the message says what to do."""


class Keys(msgspec.Struct, frozen=True):
    """Where the keys of a data folder stand."""

    private: Path
    public: Path
    event_token: Path

    @classmethod
    def at(cls, data: Path) -> "Keys":
        folder = data / "keys"
        return cls(folder / "grant.jwk", folder / "grant.public.jwk", folder / "event.token")


def load_or_create_keys(data: Path) -> Keys:
    """Make sure that the data folder has its keys, and say where. Two processes may do so at once.

    Raises KeyFileError when a private key is there that can't be read.
    """
    keys = Keys.at(data)
    keys.private.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not keys.private.exists():
        fresh = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        _create(keys.private, json.dumps(fresh.as_dict(private=True)))
    if not keys.event_token.exists():
        _create(keys.event_token, secrets.token_urlsafe(32))
    public = json.dumps(_private_key(keys.private).as_dict(private=False))
    if not keys.public.exists() or keys.public.read_text() != public:
        _replace(keys.public, public, mode=0o644)
    return keys


def new_grant(
    room: str,
    role: Role,
    ttl: float,
    *,
    sub: str = "guest",
    language: str | None = None,
    now: float | None = None,
) -> Grant:
    """A grant from now on for ttl seconds. sub is pseudonymous: an opaque id, never a name."""
    issued = int(time.time() if now is None else now)
    return Grant(
        iss=ISSUER,
        sub=sub,
        room=room,
        role=role,
        exp=issued + int(ttl),
        iat=issued,
        jti=_new_id(),
        language=language,
    )


def another(grant: Grant) -> Grant:
    """The same right for somebody else: a hundred who share one guest link count as a hundred."""
    return msgspec.structs.replace(grant, jti=_new_id())


def _new_id() -> str:
    return secrets.token_urlsafe(12)


def control_grant() -> Grant:
    """web's own right to tell media its plans and to ask for its rooms."""
    return new_grant(ANY_ROOM, Role.CONTROL, CONTROL_TTL, sub="web")


def sign(grant: Grant, key_path: Path) -> str:
    """The grant as a JSON Web Token (RFC 7519, RFC 8037). Raises KeyFileError without a usable key."""
    key = _private_key(key_path)
    claims = {name: value for name, value in msgspec.to_builtins(grant).items() if value is not None}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def _private_key(path: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(path.read_text()))
    except FileNotFoundError as e:
        raise KeyFileError(
            f"{path} is missing: start `amphitheatre up` once, or name its folder by AMPHITHEATRE_DATA"
        ) from e
    except (OSError, ValueError, JoseError) as e:
        raise KeyFileError(
            f"{path} is no readable Ed25519 key ({type(e).__name__}): restore it, or delete it for a new one"
        ) from e
    if not key.is_private:
        raise KeyFileError(
            f"{path} holds a public key only: restore the private one, or delete it for a new one"
        )
    return key


def _create(path: Path, text: str) -> None:
    """Write a file that only we may read, unless another process was faster."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _replace(path: Path, text: str, mode: int) -> None:
    draft = _draft(path, text)
    draft.chmod(mode)
    draft.replace(path)


def _draft(path: Path, text: str) -> Path:
    """A whole file beside path, mode 0600, so that path itself is never seen half written."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    return Path(file.name)
