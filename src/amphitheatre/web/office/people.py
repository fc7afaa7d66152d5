"""Institutions and people; who takes part in what; what was written to them."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from amphitheatre.web.accounts.domain.invitations import with_last_link
from amphitheatre.web.alliance.models import Affiliation, Institution, Membership
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.office.coming_in import ComingIn, PersonAdd, PersonIndex
from amphitheatre.web.office.forms import CHOICE, DAY, CodeForm, PersonForm, TextsForm, WithPersonForm
from amphitheatre.web.office.models import Person
from amphitheatre.web.office.registration_history import RegistrationInspect
from amphitheatre.web.office.views import OfficeViewSet, moment, only_if, texts
from amphitheatre.web.registration.models import Registration


class InstitutionViewSet(OfficeViewSet):
    model = Institution
    icon = "site"
    list_display: ClassVar = ["name", "city", "country", "continent"]
    list_filter: ClassVar = ["continent", "country"]
    list_export: ClassVar = [
        "slug",
        "name_en",
        "name_fr",
        "name_zh_hans",
        "city_en",
        "country",
        "continent",
        "time_zone",
    ]
    search_fields: ClassVar = ["slug", "name_en", "name_fr", "name_zh_hans", "city_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("slug"), FieldPanel("original")]),
            *texts(Institution, "name", "city"),
            FieldRowPanel([FieldPanel("country"), FieldPanel("continent"), FieldPanel("time_zone")]),
            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        ],
        base_form_class=TextsForm,
    )


class MembershipViewSet(OfficeViewSet):
    model = Membership
    related = ("institution",)
    icon = "link"
    list_display: ClassVar = ["institution", "place", "joined", "left"]
    list_filter: ClassVar = ["place", "institution"]
    list_export: ClassVar = ["institution", "institution.country", "place", "joined", "left"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("institution", widget=CHOICE), FieldPanel("place")]),
            FieldRowPanel([FieldPanel("joined", widget=DAY), FieldPanel("left", widget=DAY)]),
        ],
        base_form_class=CodeForm,
    )


class AffiliationViewSet(OfficeViewSet):
    model = Affiliation
    related = (
        "person",
        "institution",
    )
    icon = "user"
    list_display: ClassVar = [
        "person__email",
        "institution",
        only_if("coordinator", _("Acts for the institution")),
        "since",
        "until",
    ]
    list_filter: ClassVar = ["institution", "coordinator"]
    list_export: ClassVar = [
        "person.name",
        "person.latin_name",
        "person.email",
        "institution",
        "coordinator",
        "since",
        "until",
    ]
    search_fields: ClassVar = ["person__name", "person__latin_name", "person__email"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("person"), FieldPanel("institution", widget=CHOICE)]),
            FieldRowPanel([FieldPanel("coordinator"), FieldPanel("until", widget=DAY)]),
        ],
        base_form_class=WithPersonForm,
    )


class PersonViewSet(OfficeViewSet):
    model = Person
    index_view_class = PersonIndex
    add_view_class = PersonAdd
    icon = "user"
    list_display: ClassVar = [
        "__str__",
        "email",
        "role",
        "profession",
        "country",
        only_if("is_active", _("May sign in")),
        ComingIn("last_login", label=_("Came in last"), sort_key="last_login"),
    ]
    list_filter: ClassVar = ["role", "profession", "country", "is_active"]
    list_export: ClassVar = [
        "name",
        "latin_name",
        "email",
        "role",
        "profession",
        "speciality",
        "country",
        "time_zone",
    ]
    search_fields: ClassVar = ["name", "latin_name", "email"]
    inspect_view_fields_exclude: ClassVar = [
        "password",
        "calendar_key",
        "opaque_id",
        "is_superuser",
        "is_staff",
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("latin_name")]),
            FieldRowPanel([FieldPanel("email"), FieldPanel("role")]),
            FieldRowPanel([FieldPanel("profession"), FieldPanel("speciality"), FieldPanel("licence_number")]),
            FieldRowPanel([FieldPanel("country"), FieldPanel("time_zone"), FieldPanel("preferred_language")]),
            FieldPanel("is_active"),
        ],
        base_form_class=PersonForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return with_last_link(super().get_queryset(request))


class RegistrationViewSet(OfficeViewSet):
    model = Registration
    inspect_view_class = RegistrationInspect
    related = (
        "person",
        "institution",
        "course",
    )
    icon = "tick"
    list_display: ClassVar = [
        "person__name",
        "person__email",
        "institution",
        "course",
        "state",
        "mode",
        moment(Registration, "asked"),
    ]
    list_filter: ClassVar = ["course", "state", "mode", "institution"]
    list_export: ClassVar = [
        "course",
        "person.name",
        "person.latin_name",
        "person.email",
        "person.profession",
        "person.speciality",
        "person.licence_number",
        "institution",
        "institution.country",
        "state",
        "mode",
        "asked",
    ]
    search_fields: ClassVar = ["person__name", "person__latin_name", "person__email"]
    edit_handler = ObjectList([FieldPanel("mode")], base_form_class=CodeForm)


class LetterViewSet(OfficeViewSet):
    model = Letter
    icon = "mail"
    ordering = "-written"
    list_display: ClassVar = ["subject", "to", "state", "tries", "trouble", moment(Letter, "written")]
    list_filter: ClassVar = ["state", "language"]
    list_export: ClassVar = ["subject", "to", "language", "state", "tries", "trouble", "written", "due"]
    search_fields: ClassVar = ["to", "subject"]
    inspect_view_fields: ClassVar = [
        "subject",
        "to",
        "language",
        "state",
        "tries",
        "trouble",
        "written",
        "due",
    ]
    edit_handler = ObjectList([FieldPanel("to")], base_form_class=CodeForm)


class AllianceGroup(SnippetViewSetGroup):
    menu_label = _("Alliance")
    menu_icon = "site"
    menu_order = 120
    items = (InstitutionViewSet, MembershipViewSet, AffiliationViewSet)


class PeopleGroup(SnippetViewSetGroup):
    menu_label = _("People")
    menu_icon = "user"
    menu_order = 130
    items = (PersonViewSet, RegistrationViewSet, LetterViewSet)
