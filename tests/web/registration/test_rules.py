"""Each role and each action: what is not in this table is forbidden."""

import pytest

from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.registration.rules import Action, may

TABLE = {
    (AccountRole.DIRECTOR, Action.SEE_DRAFT),
    (AccountRole.DIRECTOR, Action.PLAN),
    (AccountRole.DIRECTOR, Action.DECIDE),
    (AccountRole.SECRETARIAT, Action.SEE_DRAFT),
    (AccountRole.SECRETARIAT, Action.PLAN),
    (AccountRole.SECRETARIAT, Action.DECIDE),
    (AccountRole.DIRECTOR, Action.SEE_MISSING),
    (AccountRole.SECRETARIAT, Action.SEE_MISSING),
    (AccountRole.TECHNICIAN, Action.SEE_MISSING),
    (AccountRole.MODERATOR, Action.SEE_MISSING),
    (AccountRole.ADVOCATE, Action.SEE_MISSING),
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", [*AccountRole.values, "", "nobody"])
def test_who_may_do_what(role: str, action: Action) -> None:
    assert may(role, action) is ((role, action) in TABLE)
