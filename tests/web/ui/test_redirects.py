"""Who asks to be told of a redirect instead of being sent there."""

import pytest
from django.test import Client


@pytest.mark.parametrize(("asked", "status"), [({}, 302), ({"x-tell-redirect": "1"}, 204)])
def test_a_redirect_is_told_to_who_asks(asked: dict[str, str], status: int) -> None:
    answer = Client().get("/accounts/profile/", headers=asked)
    assert answer.status_code == status
    assert answer["Location"].startswith("/accounts/login/")
