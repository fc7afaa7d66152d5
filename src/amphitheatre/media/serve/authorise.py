"""Who may publish or watch over WebRTC: a stream key for its own source, or a grant by its role."""

from amphitheatre.contract.grant import Role
from amphitheatre.media.errors import Refused
from amphitheatre.media.room.house import House
from amphitheatre.media.room.keys import Door
from amphitheatre.media.serve.grants import MAY_PUBLISH_LANGUAGE, MAY_PUBLISH_VIEW, MAY_WATCH, Gate
from amphitheatre.media.serve.problem import Problem
from amphitheatre.media.serve.signalling import Credentials


class Authoriser:
    """An `Authorise` for signalling."""

    def __init__(self, house: House, gate: Gate) -> None:
        self._house = house
        self._gate = gate

    def __call__(self, credentials: Credentials, room: str, source: str | None) -> Role | None:
        """Raises Refused: ``unauthenticated``, ``forbidden`` or ``too-many-failures``."""
        if credentials.bearer and source is not None:
            door = self._house.find(credentials.bearer)
            if door == Door(room, source):
                return None
            if door is not None:
                raise Refused("forbidden")
        token = credentials.bearer or credentials.cookie or credentials.query
        try:
            grant = self._gate.token(token, credentials.client)
        except Problem as problem:
            raise Refused("too-many-failures" if problem.status == 429 else "unauthenticated") from problem
        if grant.room != room or grant.role not in _allowed(source):
            raise Refused("forbidden")
        if grant.role is Role.INTERPRETER and source and grant.language not in (None, source.split("/")[1]):
            raise Refused("forbidden")
        return grant.role


def _allowed(source: str | None) -> frozenset[Role]:
    if source is None:
        return MAY_WATCH
    return MAY_PUBLISH_VIEW if source.startswith("views/") else MAY_PUBLISH_LANGUAGE
