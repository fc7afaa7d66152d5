"""Who is at work in the office, and what they send."""

from typing import Any

import pytest
from django.test import Client

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from tests.web.conftest import client_of


def worker(role: AccountRole = AccountRole.SECRETARIAT, email: str = "", **facts: Any) -> Client:
    return client_of(User.objects.create_user(email or f"{role}-at-work@example.org", role=role, **facts))


def page(who: Client, path: str, **options: Any) -> str:
    answer = who.get(f"/office/snippets/{path}", **options)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def secretary(db: None) -> Client:
    return worker()
