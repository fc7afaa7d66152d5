"""What the office does with several records at once."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import get_snippet_models

from amphitheatre.web.hooks.domain import delivery
from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event, Message, MessageState
from amphitheatre.web.hooks.tasks import deliver as tell_hooks
from amphitheatre.web.mail.domain import postman
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.mail.tasks import deliver
from amphitheatre.web.office.rules import TABLE
from amphitheatre.web.office.views import IN_USE
from amphitheatre.web.programme.models import Case, Course
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.domain.programme_news import nothing_to_tell
from amphitheatre.web.registration.models import Registration


class Careful(SnippetBulkAction):
    """Wagtail's "all in this list" means all that there are, whatever is filtered: here it chooses nothing.

    And who may not look at a record learns nothing of it.
    """

    related: ClassVar[tuple[str, ...]] = ()

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        if not self.permission_policy.user_has_permission(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *arguments, **options)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[Any]:
        return []

    @classmethod
    def get_queryset(cls, model: type[Model], object_ids: list[str]) -> list[Any]:
        chosen = model.objects.filter(pk__in=[key for key in object_ids if key != "all"])
        return list(chosen.select_related(*cls.related) if cls.related else chosen)


class Delete(Careful, DeleteBulkAction):
    """Offered where somebody may; Wagtail's own, which stands on every list, goes."""

    @classproperty
    def models(cls) -> list[type[Model]]:
        return [model for model in get_snippet_models() if "delete" in TABLE[model._meta.label_lower]]

    @classmethod
    def asks_for(cls, model: type[Model]) -> str:
        return f"{model._meta.app_label}.delete_{model._meta.model_name}"

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        try:
            with transaction.atomic():
                done: tuple[int, int] = super().execute_action(objects, **kwargs)
        except ProtectedError:
            messages.error(kwargs["self"].request, IN_USE)
            return 0, 0
        return done


class OfficeAction(Careful):
    """permission: what it asks for. verb: logged in the history of each record."""

    template_name = "office/bulk_action.html"
    permission: ClassVar[str]
    verb: ClassVar[str]
    consequence: ClassVar[Any] = ""
    """What cannot be undone, said before it is done."""

    @classmethod
    def asks_for(cls, _model: type[Model]) -> str:
        return cls.permission

    def check_perm(self, record: Any) -> bool:
        return self.request.user.has_perm(self.permission) and self.makes_sense(record)

    def makes_sense(self, record: Any) -> bool:
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(action=self, **kwargs)
        left = [self.left(record) for record in context["items_with_no_access"]]
        return context | {"items_with_no_access": left}

    def object_context(self, record: Any) -> dict[str, Any]:
        return {"item": self.named(record)}

    def named(self, record: Any) -> str:
        return str(record)

    def left(self, record: Any) -> str:
        """One to which it is not done: who, and how things are with it."""
        return self.named(record)

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        action: OfficeAction = kwargs["self"]
        done = [record for record in objects if action.tried(record)]
        for record in done:
            log(instance=record, action=cls.verb, user=action.request.user)
        return len(done), 0

    def tried(self, record: Any) -> bool:
        """Whether it was done."""
        self.do(record)
        return True

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
        announce(Event.PUBLISHED, {"course": course.slug})


class Consent(OfficeAction):
    models: ClassVar = [Case]
    display_name = gettext_lazy("The patient consents")
    aria_label = gettext_lazy("Record the patient's consent to the selected cases")
    action_type = "consent"
    permission = "programme.consent_case"
    verb = "amphitheatre.consent"

    def makes_sense(self, case: Case) -> bool:
        return case.consent is None

    def do(self, case: Case) -> None:
        case.consent = timezone.now()
        case.save(update_fields=["consent"])


class Withdraw(OfficeAction):
    models: ClassVar = [Case]
    display_name = gettext_lazy("The patient does not consent any more")
    aria_label = gettext_lazy("Record that the patient withdraws consent to the selected cases")
    action_type = "withdraw"
    classes: ClassVar = {"serious"}
    permission = "programme.consent_case"
    verb = "amphitheatre.withdraw"

    def makes_sense(self, case: Case) -> bool:
        return case.consent is not None

    def do(self, case: Case) -> None:
        case.consent = None
        case.save(update_fields=["consent"])


class Decision(OfficeAction):
    models: ClassVar = [Registration]
    related = ("person", "institution", "course")
    permission = "registration.decide_registration"

    def left(self, registration: Registration) -> str:
        return f"{self.named(registration)} · {registration.get_state_display()}"

    def named(self, registration: Registration) -> str:
        return f"{registration.person.name or registration.person.email} · {registration.institution}"

    def check_perm(self, registration: Registration) -> bool:
        """Nobody decides on their own."""
        return super().check_perm(registration) and registration.person_id != self.request.user.pk

    def tried(self, registration: Registration) -> bool:
        try:
            with transaction.atomic():
                self.do(registration)
        except places.NotProfessionalError:
            words = _("Operations are for those who treat patients. The profession does not allow it.")
            messages.error(self.request, f"{self.named(registration)}: {words}")
            return False
        except places.NotPossibleError:
            words = _("Somebody has decided on this registration meanwhile. This is how it stands now.")
            messages.error(self.request, f"{self.named(registration)}: {words}")
            return False
        return True


class Confirm(Decision):
    display_name = gettext_lazy("Confirm")
    aria_label = gettext_lazy("Confirm the selected registrations")
    action_type = "confirm"
    verb = "amphitheatre.confirm"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_be_confirmed(registration)

    def do(self, registration: Registration) -> None:
        places.confirm(registration, self.request.user)


class Readmit(Decision):
    display_name = gettext_lazy("Register again")
    aria_label = gettext_lazy("Register those again who were cancelled")
    action_type = "readmit"
    verb = "amphitheatre.readmit"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_be_readmitted(registration)

    def do(self, registration: Registration) -> None:
        places.readmit(registration, self.request.user)


class Cancel(Decision):
    display_name = gettext_lazy("Cancel the registration")
    consequence = gettext_lazy(
        "Each of them gets a letter. The places go at once to whoever has waited longest, and stay with them."
    )
    aria_label = gettext_lazy("Cancel the selected registrations")
    action_type = "cancel"
    classes: ClassVar = {"serious"}
    verb = "amphitheatre.cancel"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_be_cancelled(registration)

    def do(self, registration: Registration) -> None:
        places.cancel(registration, self.request.user)


class Attended(Decision):
    display_name = gettext_lazy("Was there")
    aria_label = gettext_lazy("Note that the selected people were there")
    action_type = "attended"
    verb = "amphitheatre.attended"

    def makes_sense(self, registration: Registration) -> bool:
        return places.can_have_attended(registration)

    def do(self, registration: Registration) -> None:
        places.attend(registration, self.request.user)


class SendAgain(OfficeAction):
    """What failed, or perhaps did not arrive, as a person decides."""

    models: ClassVar = [Letter]
    display_name = gettext_lazy("Send again")
    aria_label = gettext_lazy("Send the selected letters again")
    action_type = "resend"
    permission = "mail.resend_letter"
    verb = "amphitheatre.resend"

    def named(self, letter: Letter) -> str:
        return f"{letter.subject} · {letter.to}"

    def makes_sense(self, letter: Letter) -> bool:
        return postman.can_be_sent_again(letter)

    def do(self, letter: Letter) -> None:
        postman.send_again(letter)
        deliver.enqueue()


class TellAgain(OfficeAction):
    """A message that no webhook took."""

    models: ClassVar = [Message]
    related = ("hook",)
    display_name = gettext_lazy("Send again")
    aria_label = gettext_lazy("Send the selected messages again")
    action_type = "resend"
    permission = "hooks.resend_message"
    verb = "amphitheatre.resend"

    def named(self, message: Message) -> str:
        return f"{message.get_event_display()} · {message.hook}"

    def makes_sense(self, message: Message) -> bool:
        return message.state == MessageState.FAILED

    def do(self, message: Message) -> None:
        delivery.send_again(message)
        tell_hooks.enqueue()


DeleteBulkAction.models = ()
ACTIONS = (Delete, SendAgain, TellAgain, Publish, Consent, Withdraw, Confirm, Attended, Readmit, Cancel)
