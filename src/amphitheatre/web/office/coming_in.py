"""Whether people have come in yet, and what the office is told to do about those who have not."""

from typing import Any

from django.db.models import QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin import messages

from amphitheatre.web.accounts.domain.invitations import not_in_yet, those_not_in_yet
from amphitheatre.web.accounts.models import User
from amphitheatre.web.office.filters import OfficeFilters
from amphitheatre.web.office.headings import OfficeAdd
from amphitheatre.web.office.models import Person
from amphitheatre.web.office.views import Moment, OfficeIndex
from amphitheatre.web.ui import times


class ComingIn(Moment):
    """When the person came in last; of one who has not yet, when they were last sent a link (`with_last_link`)."""

    def get_cell_context_data(self, person: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(person, parent_context)
        if person.last_login is None and person.is_active:
            context["value"] = _("Not in yet, has a password")
        if not_in_yet(person):
            context["value"] = _("Not in yet, not invited")
            if person.invited:
                at = times.zoned(person.invited, times.own_zone(parent_context["request"]))
                context["value"] = _("Not in yet, invited %(at)s") % {"at": at}
        return context


class PersonFilters(OfficeFilters):
    come_in = ChoiceFilter(
        label=gettext_lazy("Has come in"),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("invited", gettext_lazy("Not in yet, invited")),
            ("not-invited", gettext_lazy("Not in yet, not invited")),
            ("password", gettext_lazy("Not in yet, has a password")),
        ],
        empty_label=gettext_lazy("All"),
        widget=RadioSelect,
        method="come",
    )

    def come(self, people: QuerySet[Any], _name: str, how: str) -> QuerySet[Any]:
        if how == "yes":
            return people.exclude(last_login=None)
        if how == "password":
            waiting = those_not_in_yet(User.objects.all())
            return people.filter(is_active=True, last_login=None).exclude(pk__in=waiting)
        return those_not_in_yet(people).filter(invited__isnull=how == "not-invited")


class PersonIndex(OfficeIndex):
    base_filterset_class = PersonFilters


class PersonAdd(OfficeAdd):
    """The office enters people long before they are to come in: nobody is written to by that alone."""

    def get_success_message(self, person: Person) -> str:
        more = _(
            "Nothing has been sent yet: they come in once you have invited them, here or in the list of people."
        )
        return f"{super().get_success_message(person)} {more}"

    def get_success_buttons(self) -> list[Any]:
        invite = reverse("wagtail_bulk_action", args=["office", "person", "invite"])
        asked = urlencode({"id": self.object.pk, "next": self.get_success_url()})
        return [*super().get_success_buttons(), messages.button(f"{invite}?{asked}", _("Invite"))]
