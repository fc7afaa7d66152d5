"""Who does what in the back office: one table, by record and action. What is not written here is forbidden."""

from typing import Final

from amphitheatre.web.accounts.roles import AccountRole as Account

_OFFICE: Final = frozenset({Account.DIRECTOR, Account.SECRETARIAT})
_LOOKS: Final = _OFFICE | {
    Account.TECHNICIAN,
    Account.INTERPRETER,
    Account.MODERATOR,
    Account.ADVOCATE,
    Account.EDITOR,
    Account.REVIEWER,
}
_WRITES: Final = _OFFICE | {Account.EDITOR}
_TECHNICAL: Final = frozenset({Account.DIRECTOR, Account.TECHNICIAN})
_ALL: Final = ("view", "add", "change", "delete")


def _each(roles: frozenset[Account]) -> dict[str, frozenset[Account]]:
    return dict.fromkeys(_ALL, roles)


# By app and model; each action is one of Django's, or one of ours: "publish", "cancel", "consent", "decide", "invite",
# "appoint", "forget", "resend".
TABLE: Final[dict[str, dict[str, frozenset[Account]]]] = {
    "alliance.institution": _each(_OFFICE),
    "alliance.membership": _each(_OFFICE),
    "alliance.affiliation": _each(_OFFICE),
    # "cancel": with all its sessions, and let it take place after all.
    "programme.course": _each(_OFFICE) | {"view": _LOOKS, "publish": _OFFICE, "cancel": _OFFICE},
    "programme.session": _each(_OFFICE) | {"view": _LOOKS, "cancel": _OFFICE},
    # "consent": record that the patient agrees to be shown, or does not any more.
    "programme.case": _each(_OFFICE) | {"view": _LOOKS, "consent": frozenset({Account.ADVOCATE})},
    "programme.material": {"view": _OFFICE, "delete": _OFFICE},
    "programme.duty": _each(_OFFICE) | {"view": _LOOKS},
    "programme.room": _each(_OFFICE) | {"view": _LOOKS, "change": _OFFICE | {Account.TECHNICIAN}},
    "programme.technique": _each(_WRITES) | {"view": _LOOKS},
    "programme.phase": _each(_WRITES) | {"view": _LOOKS},
    "programme.step": _each(_WRITES) | {"view": _LOOKS},
    # A room on air is made with the programme's room.
    "studio.room": dict.fromkeys(("view", "change", "delete"), _TECHNICAL),
    "studio.view": _each(_TECHNICAL),
    "studio.language": _each(_TECHNICAL),
    "registration.registration": {"view": _OFFICE, "decide": _OFFICE},
    "registration.capacity": _each(_OFFICE),
    "registration.quota": _each(_OFFICE),
    # "invite": send a link for a first password. "appoint": give somebody else a role. "forget": delete an account.
    "office.person": {
        "view": _OFFICE,
        "add": _OFFICE,
        "change": _OFFICE,
        "invite": _OFFICE,
        "appoint": frozenset({Account.DIRECTOR}),
        "forget": frozenset({Account.DIRECTOR}),
    },
    # Where this house's news is sent is the director's to decide.
    "hooks.hook": _each(frozenset({Account.DIRECTOR})),
    "hooks.message": {"view": frozenset({Account.DIRECTOR}), "resend": frozenset({Account.DIRECTOR})},
    "mail.letter": {"view": _OFFICE, "resend": _OFFICE},
}
_ENTER: Final = "wagtailadmin.access_admin"


def permissions(role: str) -> frozenset[str]:
    """In Django's words: "programme.change_course". With any comes the door to the office itself."""
    found = {
        f"{app}.{action}_{model}"
        for record, actions in TABLE.items()
        for action, roles in actions.items()
        if role in roles
        for app, model in [record.split(".")]
    }
    return frozenset(found | {_ENTER} if found else found)


_BY_ROLE: Final = {role.value: permissions(role) for role in Account}


def may(role: str, permission: str) -> bool:
    return permission in _BY_ROLE.get(role, frozenset())
