"""The right to join a room, signed by web and verified offline by media.

On the wire a grant is a JSON Web Token (RFC 7519) signed with Ed25519 (RFC 8037, ``alg: EdDSA``).
This file holds the claims only; signing is web's, verifying is media's.
"""

from enum import StrEnum
from typing import Final

import msgspec

ISSUER: Final = "amphitheatre"
COOKIE: Final = "amphitheatre_grant"
ANY_ROOM: Final = "*"


class Role(StrEnum):
    """What the bearer may do. Each role's rights stand in `media.serve.grants`, deny first."""

    VIEWER = "viewer"
    SPEAKER = "speaker"
    INTERPRETER = "interpreter"
    MODERATOR = "moderator"
    TECHNICIAN = "technician"
    CONTROL = "control"  # web itself: plans in, room list out; only with room ANY_ROOM


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=False, kw_only=True):
    """Claims of a grant.

    sub is pseudonymous (an account's opaque id or ``guest``), never a name or an address.
    exp and iat are seconds since the Unix epoch.
    """

    iss: str
    sub: str
    room: str
    role: Role
    exp: int
    iat: int
    jti: str
    language: str | None = None
