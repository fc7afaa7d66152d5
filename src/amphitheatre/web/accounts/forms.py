"""What people tell of themselves."""

from typing import Any, ClassVar, Final
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.accounts.domain.tokens import LONGEST
from amphitheatre.web.accounts.models import Scope, User
from amphitheatre.web.ui.language import NAMES, current_tag
from amphitheatre.web.ui.times import LOCALES

_COUNTRIES_ASIDE: Final = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}  # of CLDR's regions, no countries


class PasswordForm(forms.Form):
    """The first password of an account."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *arguments: Any, person: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self._person)
        return password


class ProfileForm(forms.ModelForm):
    """The address, the role and what a hospital vouches for are not changed here."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=list(NAMES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields: ClassVar = [
            "name",
            "latin_name",
            "speciality",
            "licence_number",
            "country",
            "languages",
            "time_zone",
            "named",
        ]
        help_texts: ClassVar = {
            "name": _("In your own script, as it should stand on a certificate."),
            "named": _("In lists of participants and in reports. Otherwise you are counted, not named."),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in (("country", countries()), ("time_zone", zones())):
            empty = [("", "—")]
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=empty + choices, required=False)

    def clean_languages(self) -> list[str]:
        """Keeps what others have entered and this form doesn't offer."""
        kept = [tag for tag in self.instance.languages if tag not in NAMES]
        return [*self.cleaned_data["languages"], *kept]


class AddressForm(forms.Form):
    """In lower case, as addresses are kept."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        help_text=_("You sign in with it. Other devices are signed out when it changes."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class TokenForm(forms.Form):
    """A new token: what for, what it may, and for how long."""

    name = forms.CharField(label=_("Program"), max_length=100, help_text=_("Which one is the token for?"))
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=LONGEST, initial=90)


def countries() -> list[tuple[str, str]]:
    """By their names in the reader's language (CLDR)."""
    names = Locale.parse(LOCALES[current_tag()]).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code not in _COUNTRIES_ASIDE]
    return sorted(found, key=lambda one: one[1])


def zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]
