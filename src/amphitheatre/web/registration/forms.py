"""What coordinators send, and speakers."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.domain.materials import check
from amphitheatre.web.programme.models import Audience
from amphitheatre.web.registration.domain.sheet import (
    LARGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    SheetError,
    rows,
)
from amphitheatre.web.texts.shown import shown

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


class UploadForm(forms.Form):
    """cleaned_data["sheet"]: the file's rows."""

    institution = InstitutionChoice(queryset=Institution.objects.none())
    sheet = forms.FileField(allow_empty_file=True)

    def __init__(self, *arguments: Any, institutions: QuerySet[Institution], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["institution"].queryset = institutions

    def clean_sheet(self) -> list[list[str]]:
        try:
            return rows(self.cleaned_data["sheet"].read(LARGEST + 1))
        except SheetError as error:
            raise forms.ValidationError(_FAULTS[error.fault], params=_BOUNDS) from error


class MaterialForm(forms.Form):
    """Slides or an article for a session."""

    title = forms.CharField(max_length=200)
    audience = forms.ChoiceField(choices=Audience.choices)
    file = forms.FileField(validators=[check])
