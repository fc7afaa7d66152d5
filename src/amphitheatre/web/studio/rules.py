"""Who may do what with a room. The only place that decides; whatever is not written here is forbidden."""

from enum import StrEnum
from typing import Final

from amphitheatre.contract.grant import Role
from amphitheatre.web.accounts.roles import AccountRole as Account
from amphitheatre.web.programme.models import Part


class Action(StrEnum):
    WATCH = "watch"
    REPLAY = "replay"
    PRESENT = "present"  # send a picture or a voice from the browser
    SEE_SOURCES = "see-sources"  # the technician's page, with its keys
    ROTATE_KEY = "rotate-key"
    SET_PULL = "set-pull"  # an address from which media fetches a view itself
    SEE_RECORDINGS = "see-recordings"  # the list of what is kept, and the download of an export
    EXPORT_RECORDING = "export-recording"
    END_SESSION = "end-session"
    DELETE_RECORDING = "delete-recording"
    SET_RETENTION = "set-retention"


_SEE: Final = frozenset({Action.WATCH, Action.REPLAY})
_MODERATE: Final = frozenset({Action.SEE_RECORDINGS, Action.EXPORT_RECORDING, Action.END_SESSION})
_GRANTS: Final[dict[Role, frozenset[Action]]] = {
    Role.VIEWER: _SEE,
    Role.MODERATOR: _SEE | _MODERATE,
    Role.INTERPRETER: _SEE | {Action.PRESENT},
    Role.SPEAKER: _SEE | {Action.PRESENT},
    Role.TECHNICIAN: _SEE
    | _MODERATE
    | {
        Action.PRESENT,
        Action.SEE_SOURCES,
        Action.ROTATE_KEY,
        Action.SET_PULL,
        Action.DELETE_RECORDING,
        Action.SET_RETENTION,
    },
    Role.CONTROL: frozenset(),  # web's own, for media alone: nobody visits a page with it
}
_ACCOUNTS: Final[dict[Account, Role]] = {
    Account.DIRECTOR: Role.TECHNICIAN,
    Account.SECRETARIAT: Role.VIEWER,
    Account.COORDINATOR: Role.VIEWER,
    Account.PARTICIPANT: Role.VIEWER,
    Account.TECHNICIAN: Role.TECHNICIAN,
    Account.INTERPRETER: Role.INTERPRETER,
    Account.MODERATOR: Role.MODERATOR,
    Account.SPEAKER: Role.SPEAKER,
    Account.ADVOCATE: Role.VIEWER,
    Account.EDITOR: Role.VIEWER,
    Account.REVIEWER: Role.VIEWER,
}
_PARTS: Final[dict[Part, Role]] = {
    Part.SPEAKER: Role.SPEAKER,
    Part.CHAIR: Role.SPEAKER,
    Part.MODERATOR: Role.MODERATOR,
    Part.INTERPRETER: Role.INTERPRETER,
}
_NEED_A_PLACE: Final = frozenset({Account.PARTICIPANT, Account.COORDINATOR})


def actions_of(role: Role) -> frozenset[Action]:
    """All that the bearer of a grant with this role may do in the grant's room."""
    return _GRANTS.get(role, frozenset())


def may(role: Role, action: Action) -> bool:
    return action in actions_of(role)


def role_in_room(account: str) -> Role | None:
    """The role of the grant that an account gets for a room; None: it gets none. account: its role."""
    return _ACCOUNTS.get(Account(account)) if account in Account.values else None


def role_of_part(part: str) -> Role:
    """The role of the grant that a part in a session gives in its room, whatever the account's role is."""
    return _PARTS[Part(part)]


def needs_a_place(account: str) -> bool:
    """Whether it gets a grant only for the rooms of courses in which the person has a place."""
    return account in _NEED_A_PLACE
