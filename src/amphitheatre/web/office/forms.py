"""Forms of the office: what a record must have, and choices instead of codes."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from amphitheatre.web.accounts.domain import addresses
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.office.choices import tell_apart
from amphitheatre.web.office.codes import CHOICES
from amphitheatre.web.office.models import Person
from amphitheatre.web.office.translations import column_of, confirmable, said_of
from amphitheatre.web.programme.domain.order import put
from amphitheatre.web.ui.language import NAMES
from amphitheatre.web.ui.zones import zone

# The browser's own: in the reader's language, and without a script in the page.
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CHOICE = forms.Select()
# Those who take part; everybody else works here.
_GUESTS: Final = (AccountRole.PARTICIPANT, AccountRole.COORDINATOR, AccountRole.SPEAKER)
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CodeForm(WagtailAdminModelForm):
    """Countries, zones and languages are chosen by their names, records by what tells them apart."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                tell_apart(field, chosen=getattr(self.instance, f"{name}_id"))
            elif name in CHOICES:
                self.fields[name] = forms.ChoiceField(
                    label=field.label, choices=[("", "—"), *CHOICES[name]()], required=field.required
                )


class TextsForm(CodeForm):
    """A text is there in the language that the record was written in; of the others the form says how they are."""

    confirmed = forms.MultipleChoiceField(
        label=_("Still right"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Where only a slip was mended in the original: the translations that you tick count as up to date again."
        ),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for column, said in said_of(self.instance, zone(self.for_user.time_zone)).items():
            if column in self.fields:
                self.fields[column].help_text = said
        self.fields["confirmed"].choices = confirmable(self.instance)
        if not self.fields["confirmed"].choices:
            del self.fields["confirmed"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        written = cleaned.get("original", self.instance.original)
        column = column_of(self.instance.texts[0], written)
        if column in self.fields and not cleaned.get(column) and column not in self.errors:
            missing = _("This is the language that it was written in: the text is needed.")
            self.add_error(column, ValidationError(missing))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.confirm(self.cleaned_data.get("confirmed", ()))
        return super().save(commit)


class PlacedForm(TextsForm):
    """Of a record that stands in an order: a place that is taken is given, and the others move."""

    position = forms.IntegerField(
        label=_("Position"),
        min_value=1,
        required=False,
        help_text=_("Left empty: after the others. If something stands there, it moves on."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk is None:
            self.initial.pop("position", None)

    def _get_validation_exclusions(self) -> set[str]:
        """No place is taken."""
        return {*super()._get_validation_exclusions(), "position"}

    def save(self, commit: bool = True) -> Any:
        record = super().save(commit=False)
        put(record, self.cleaned_data["position"])
        return record


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


class WithPersonForm(CodeForm):
    person = forms.ModelChoiceField(label=_("person"), queryset=Person.objects.all())


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
