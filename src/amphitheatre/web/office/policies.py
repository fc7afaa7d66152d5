"""Where the record itself has a say: what the world knows is cancelled, never deleted."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Case, Course, Session


class DraftsPolicy(ModelPermissionPolicy):
    """Of a course that was published nothing is deleted, nor a course that people are registered for."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        return bool(self.user_has_permission(user, action)) and (action != "delete" or _is_draft(instance))

    def user_has_any_permission_for_instance(self, user: User, actions: Any, instance: Any) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)


class MadeByItselfPolicy(ModelPermissionPolicy):
    """Nobody adds one by hand, not even those who may do everything: the programme does."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))


def _is_draft(record: Course | Session | Case) -> bool:
    session = record.session if isinstance(record, Case) else record
    course = session if isinstance(session, Course) else session.course
    return course.published is None and not course.registrations.exists()
