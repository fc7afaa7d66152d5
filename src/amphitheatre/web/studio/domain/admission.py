"""Who is let into a room: grants that guests bring, and grants that accounts get."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from amphitheatre.contract.grant import ISSUER, Grant, Role
from amphitheatre.web.accounts.models import User
from amphitheatre.web.grants import ALGORITHM, Keys, another, new_grant, sign
from amphitheatre.web.registration.queries import has_a_place, parts_in
from amphitheatre.web.studio.rules import actions_of, needs_a_place, role_in_room, role_of_part

ACCOUNT_TTL: Final = 1800  # seconds; the page renews it, so a right that was taken away ends soon
RENEW_AFTER: Final = 600  # seconds


class RefusedGrant(Exception):
    """A grant that doesn't count here: forged, expired, or for another room."""


class Admission(msgspec.Struct, frozen=True):
    """A grant together with its signed form, as it stands in the cookie."""

    grant: Grant
    token: str

    def remaining(self, now: float) -> int:
        """Seconds that the grant still has to live."""
        return max(0, int(self.grant.exp - now))


def read(token: str, room: str, keys: Keys, now: float) -> Admission:
    """Check a guest's grant. Raises RefusedGrant; says no more than that it is refused."""
    try:
        claims = jwt.decode(token, _public_key(keys.public), algorithms=[ALGORITHM]).claims
        grant = msgspec.convert(claims, Grant)
    except (JoseError, msgspec.ValidationError, ValueError) as e:
        raise RefusedGrant(type(e).__name__) from e
    if grant.iss != ISSUER or grant.exp <= now or grant.room != room or grant.role is Role.CONTROL:
        raise RefusedGrant("claims")
    return Admission(grant, token)


def own(link: Admission, keys: Keys) -> Admission:
    """What one guest of a link gets."""
    grant = another(link.grant)
    return Admission(grant, sign(grant, keys.private))


def of_account(user: User, room: str, keys: Keys) -> Admission | None:
    """A new grant for what the account does in a session there, or else for its role; None when it has no business in
    this room.
    """
    roles = [role_of_part(part) for part in parts_in(user, room)]
    own = role_in_room(user.role)
    if own is not None and (not needs_a_place(user.role) or has_a_place(user, room)):
        roles.append(own)
    role = max(roles, key=lambda one: len(actions_of(one)), default=None)
    if role is None:
        return None
    grant = new_grant(room, role, ACCOUNT_TTL, sub=str(user.opaque_id))
    return Admission(grant, sign(grant, keys.private))


def widest(candidates: Iterable[Admission | None]) -> Admission | None:
    """The one that allows most; the first of equals. A guest link may give an account more, never less."""
    present = [one for one in candidates if one is not None]
    return max(present, key=lambda one: len(actions_of(one.grant.role)), default=None)


def _public_key(path: Path) -> OKPKey:
    return OKPKey.import_key(json.loads(path.read_text()))
