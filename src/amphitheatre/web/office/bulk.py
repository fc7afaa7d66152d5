"""What the office does with several records at once."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from amphitheatre.web.programme.models import Course, Kind, Session
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.domain.programme_news import nothing_to_tell
from amphitheatre.web.registration.models import Registration


class OfficeAction(SnippetBulkAction):
    """permission: what it asks for. verb: logged in the history of each record."""

    template_name = "office/bulk_action.html"
    permission: ClassVar[str]
    verb: ClassVar[str]

    def check_perm(self, record: Any) -> bool:
        return self.request.user.has_perm(self.permission) and self.makes_sense(record)

    def makes_sense(self, record: Any) -> bool:
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(action=self, **kwargs)

    def object_context(self, record: Any) -> dict[str, Any]:
        return {"item": self.named(record)}

    def named(self, record: Any) -> str:
        return str(record)

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        action: OfficeAction = kwargs["self"]
        for record in objects:
            action.do(record)
            log(instance=record, action=cls.verb, user=action.request.user)
        return len(objects), 0

    def do(self, record: Any) -> None:
        raise NotImplementedError

    def get_success_message(self, count: int, _children: int) -> str:
        return ngettext("%(count)d record: done.", "%(count)d records: done.", count) % {"count": count}


class Publish(OfficeAction):
    models: ClassVar = [Course]
    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the selected courses")
    action_type = "publish"
    permission = "programme.publish_course"
    verb = "amphitheatre.publish"

    def makes_sense(self, course: Course) -> bool:
        return course.published is None

    def do(self, course: Course) -> None:
        nothing_to_tell(course)
        course.published = timezone.now()
        course.save(update_fields=["published"])


class Consent(OfficeAction):
    models: ClassVar = [Session]
    display_name = gettext_lazy("The patient consents")
    aria_label = gettext_lazy("Record the patient's consent to the selected operations")
    action_type = "consent"
    permission = "programme.consent_session"
    verb = "amphitheatre.consent"

    def makes_sense(self, session: Session) -> bool:
        return session.kind == Kind.LIVE_OPERATION and session.consent is None

    def do(self, session: Session) -> None:
        session.consent = timezone.now()
        session.save(update_fields=["consent"])


class Withdraw(OfficeAction):
    models: ClassVar = [Session]
    display_name = gettext_lazy("The patient does not consent any more")
    aria_label = gettext_lazy("Record that the patient withdraws consent to the selected operations")
    action_type = "withdraw"
    classes: ClassVar = {"serious"}
    permission = "programme.consent_session"
    verb = "amphitheatre.withdraw"

    def makes_sense(self, session: Session) -> bool:
        return session.consent is not None

    def do(self, session: Session) -> None:
        session.consent = None
        session.save(update_fields=["consent"])


class Decision(OfficeAction):
    models: ClassVar = [Registration]
    permission = "registration.decide_registration"

    def named(self, registration: Registration) -> str:
        return f"{registration.person.name or registration.person.email} · {registration.institution}"


class Confirm(Decision):
    display_name = gettext_lazy("Confirm")
    aria_label = gettext_lazy("Confirm the selected registrations")
    action_type = "confirm"
    verb = "amphitheatre.confirm"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_be_confirmed(registration)

    def do(self, registration: Registration) -> None:
        places.confirm(registration, self.request.user)


class Cancel(Decision):
    display_name = gettext_lazy("Cancel")
    aria_label = gettext_lazy("Cancel the selected registrations")
    action_type = "cancel"
    classes: ClassVar = {"serious"}
    verb = "amphitheatre.cancel"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_be_cancelled(registration)

    def do(self, registration: Registration) -> None:
        places.cancel(registration, self.request.user)


ACTIONS = (Publish, Consent, Withdraw, Confirm, Cancel)
