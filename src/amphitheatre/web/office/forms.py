"""Forms of the office: what a record must have, and choices instead of codes."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.forms import WagtailAdminModelForm

from amphitheatre.web.accounts.domain import addresses
from amphitheatre.web.accounts.forms import countries, zones
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.office.models import Person
from amphitheatre.web.ui.language import NAMES

# The browser's own: in the reader's language, and without a script in the page.
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CHOICE = forms.Select()
# Those who take part; everybody else works here.
_GUESTS: Final = (AccountRole.PARTICIPANT, AccountRole.COORDINATOR, AccountRole.SPEAKER)
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CodeForm(WagtailAdminModelForm):
    """Countries, zones and languages are chosen by their names."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in (
            ("time_zone", zones()),
            ("country", countries()),
            ("floor", list(NAMES.items())),
        ):
            if name in self.fields:
                before = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=before.label, choices=[("", "—"), *choices], required=before.required
                )


class TextsForm(CodeForm):
    """A text is there in the language that the record was written in."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        written = cleaned.get("original", self.instance.original)
        column = build_localized_fieldname(self.instance.texts[0], written.lower())
        if column in self.fields and not cleaned.get(column) and column not in self.errors:
            missing = _("This is the language that it was written in: the text is needed.")
            self.add_error(column, ValidationError(missing))
        return cleaned


class SessionForm(TextsForm):
    interpreted = forms.MultipleChoiceField(
        label=_("Interpreted into"),
        choices=list(NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.ChoiceField(
        label=_("Audience"), choices=[("", _("Everybody")), *Continent.choices], required=False
    )

    def clean_interpreted(self) -> list[str]:
        floor = self.cleaned_data.get("floor") or self.data.get("floor")
        return [tag for tag in self.cleaned_data["interpreted"] if tag != floor]


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person} · {person.email}"


class WithPersonForm(CodeForm):
    person = PersonChoice(
        label=_("person"), queryset=Person.objects.filter(is_active=True).order_by("name", "email")
    )


class DutyForm(WithPersonForm):
    language = forms.ChoiceField(
        label=_("Interprets into"), choices=[("", "—"), *NAMES.items()], required=False
    )


class PersonForm(CodeForm):
    """Who may not appoint leaves roles and addresses of those who work here as they are: by an address one signs in.

    Nobody changes their own, and nobody those of the hospital's IT.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        user = options["for_user"]
        own = self.instance.pk == user.pk
        above = self.instance.is_superuser and not user.is_superuser
        appoints = user.has_perm("office.appoint_person") and not own and not above
        guest = self.instance.pk is None or (self.instance.role in _GUESTS and not own and not above)
        self.fields["role"].disabled = not appoints
        for name in ("email", "is_active"):
            self.fields[name].disabled = not (appoints or guest)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        elif "email" in self.changed_data:
            addresses.changed(self.instance)
        return super().save(commit)
