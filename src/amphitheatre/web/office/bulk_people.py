"""What the office does with several people, and with several registrations."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amphitheatre.web.accounts.domain import invitations, own_data
from amphitheatre.web.office.bulk import OfficeAction
from amphitheatre.web.office.models import Person
from amphitheatre.web.registration.domain import places
from amphitheatre.web.registration.models import Registration


class _OfPeople(OfficeAction):
    """Left as they are with the reason why (`hindrance`; empty where there is none)."""

    models: ClassVar = [Person]

    def makes_sense(self, person: Person) -> bool:
        return not self.hindrance(person)

    def hindrance(self, person: Person) -> str:
        raise NotImplementedError

    def left(self, person: Person) -> str:
        return f"{self.named(person)} · {self.hindrance(person)}"


class Invite(_OfPeople):
    display_name = gettext_lazy("Invite")
    consequence = gettext_lazy(
        "Each gets a letter with a link by which they choose a password. It works once, and for 30 days."
    )
    aria_label = gettext_lazy("Invite the selected people")
    action_type = "invite"
    permission = "office.invite_person"
    verb = "amphitheatre.invite"

    @classmethod
    def read(cls, chosen: QuerySet[Person]) -> QuerySet[Person]:
        """In one order: two who invite the same people hold them one after the other."""
        return invitations.with_last_link(chosen).order_by("pk")

    def hindrance(self, person: Person) -> str:
        if own_data.is_forgotten(person):
            return _("was forgotten")
        if not person.is_active:
            return _("may not sign in")
        if not invitations.not_in_yet(person):
            return _("has come in already, or has a password")
        if invitations.too_soon(person.invited):
            return _("was sent a link within the last day")
        return ""

    def tried(self, person: Person) -> bool:
        return invitations.write(person)

    def get_success_message(self, count: int, _children: int) -> str:
        said = ngettext("%(count)d person is invited.", "%(count)d people are invited.", count)
        return said % {"count": count}


class Forget(_OfPeople):
    """Of one at a time: nobody loses many by one mistake."""

    display_name = gettext_lazy("Forget this person")
    aria_label = gettext_lazy("Forget the selected person")
    action_type = "forget"
    classes: ClassVar = {"serious"}
    permission = "office.forget_person"
    verb = "amphitheatre.forget"

    def hindrance(self, person: Person) -> str:
        if len(set(self.request.GET.getlist("id"))) > 1:
            return _("one person at a time")
        if own_data.is_forgotten(person):
            return _("was forgotten")
        if person.pk == self.request.user.pk:
            return _("that is you: your own account is deleted on its own pages")
        if person.is_superuser and not self.request.user.is_superuser:
            return _("belongs to the hospital’s IT")
        return ""

    def consequences(self, people: list[Person]) -> list[Any]:
        return [
            _(
                "The account is lost, and cannot be brought back: name, address, letters, ways to sign in. Places in "
                "courses to come go to whoever has waited longest, and parts in sessions to come are nobody’s."
            ),
            _(
                "What stays is that somebody of that profession and country was there, without a name: the figures of "
                "past courses."
            ),
        ]

    def do(self, person: Person) -> None:
        own_data.forget(person)

    def get_success_message(self, count: int, _children: int) -> str:
        return _("The person is forgotten.") if count else _("Nobody was forgotten.")


class Decision(OfficeAction):
    models: ClassVar = [Registration]
    related = ("person", "institution", "course")
    permission = "registration.decide_registration"

    def left(self, registration: Registration) -> str:
        return f"{self.named(registration)} · {registration.get_state_display()}"

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


ACTIONS = (Invite, Forget, Confirm, Attended, Readmit, Cancel)
