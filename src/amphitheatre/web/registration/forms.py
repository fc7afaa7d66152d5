"""What coordinators send, and speakers."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.domain.materials import check
from amphitheatre.web.programme.models import Audience
from amphitheatre.web.registration.domain.roster import as_sheet, roster
from amphitheatre.web.registration.domain.sheet import (
    LARGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    SheetError,
    rows,
)
from amphitheatre.web.registration.models import Mode
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui.language import NAMES, current_tag

_FAULTS: Final = {
    Fault.TOO_LARGE: _("The file is too large: at most %(megabytes)d MB. Split it into several."),
    Fault.UNREADABLE: _("This is neither a CSV nor an XLSX file that can be read. Save it again as XLSX."),
    Fault.ENCODING: _(
        "The letters in this file can't be told for certain. Save it as XLSX, or as CSV in UTF-8, and send it again."
    ),
    Fault.TOO_MANY_ROWS: _("The sheet has more than %(rows)d rows. Split it into several."),
    Fault.TOO_MANY_COLUMNS: _("The sheet has more than %(columns)d columns. Keep the ones that are needed."),
    Fault.LONG_CELL: _("One cell holds a whole page of text. Keep what belongs in the list."),
    Fault.EMPTY: _("The sheet is empty."),
}
_BOUNDS: Final = {"megabytes": LARGEST // 2**20, "rows": MOST_ROWS, "columns": MOST_COLUMNS}


class InstitutionChoice(forms.ModelChoiceField):
    def label_from_instance(self, institution: Institution) -> str:
        return shown(institution, "name").text


class _ListForm(forms.Form):
    """cleaned_data["sheet"]: rows of text, the headings first. invites: they are asked whether they come."""

    institution = InstitutionChoice(label=_("Institution"), queryset=Institution.objects.none())
    invites = forms.TypedChoiceField(
        label=_("What they get"),
        choices=[("", _("A place")), ("1", _("An invitation: each says yes or no, and gets a place then"))],
        coerce=bool,
        required=False,
        empty_value=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *arguments: Any, institutions: QuerySet[Institution], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["institution"].queryset = institutions
        if len(institutions) == 1:
            self.fields["institution"].initial = institutions[0]


class UploadForm(_ListForm):
    """Doctors in a spreadsheet."""

    sheet = forms.FileField(allow_empty_file=True)

    def clean_sheet(self) -> list[list[str]]:
        try:
            return rows(self.cleaned_data["sheet"].read(LARGEST + 1))
        except SheetError as error:
            raise forms.ValidationError(_FAULTS[error.fault], params=_BOUNDS) from error


class DoctorForm(_ListForm):
    """One doctor, as a list of one."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("In their own script."))
    latin_name = forms.CharField(label=_("Name in Latin letters"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    profession = forms.ChoiceField(
        label=_("Profession"), choices=[one for one in Profession.choices if one[0] != Profession.OTHER]
    )
    speciality = forms.CharField(label=_("Speciality"), max_length=100, required=False)
    licence_number = forms.CharField(label=_("Licence number"), max_length=64, required=False)
    languages = forms.ChoiceField(label=_("Letters in"), choices=list(NAMES.items()), initial=current_tag)
    mode = forms.ChoiceField(label=_("Takes part"), choices=Mode.choices, initial=Mode.ONLINE)

    field_order = ("institution", "name", "latin_name", "email", "profession", "speciality", "licence_number")

    def clean(self) -> dict[str, Any]:
        """What a row of a spreadsheet may not hold, this may not either."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            found["sheet"] = as_sheet([found])
            for fault in roster(found["sheet"]).faults:
                self.add_error(None, fault.text)
        return found


class MaterialForm(forms.Form):
    """Slides or an article for a session."""

    title = forms.CharField(max_length=200)
    audience = forms.ChoiceField(choices=Audience.choices)
    file = forms.FileField(validators=[check])
