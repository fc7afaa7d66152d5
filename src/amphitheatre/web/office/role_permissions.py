"""Django's question for permissions, answered by the role (an authentication backend that lets nobody in)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from amphitheatre.web.accounts.models import User
from amphitheatre.web.office.rules import may, permissions


class RolePermissions(BaseBackend):
    def has_perm(self, user: User, perm: str, obj: Any = None) -> bool:
        return user.is_active and may(getattr(user, "role", ""), perm)

    def get_user_permissions(self, user: User, obj: Any = None) -> set[str]:
        return set(permissions(getattr(user, "role", ""))) if user.is_active else set()
