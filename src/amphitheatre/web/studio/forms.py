"""What people type on room pages."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 3650  # days
PULLED: Final = ("rtsp", "rtsps", "http", "https")


class PullForm(forms.Form):
    """From where media fetches a view: an address, or the name of a file among `films`; empty: from nowhere."""

    url = forms.CharField(required=False, max_length=500, strip=True)
    loop = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, films: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.films = films

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            parts = urlsplit(url)
            fetched = parts.scheme.lower() in PULLED and bool(parts.hostname)
        except ValueError:
            fetched = False
        if url and not fetched and url not in self.films:
            raise forms.ValidationError(
                _(
                    "Give an address that begins with rtsp://, rtsps://, http:// or https://, or a film from the list."
                )
            )
        return url


class RetentionForm(forms.Form):
    """How long a room's recordings are kept after their end: `days`, None for ever."""

    keep = forms.ChoiceField(
        choices=[("days", _("For a time")), ("always", _("Until somebody deletes them"))],
    )
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST,
        error_messages={
            "invalid": _("Give whole days, for instance 30."),
            "min_value": _("Give at least 1 day."),
            "max_value": _("Give at most %(limit_value)s days, or keep them until somebody deletes them."),
        },
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("keep") == "days" and given.get("days") is None and "days" not in self.errors:
            self.add_error("days", _("Say for how many days."))
        return given

    @property
    def retention(self) -> int | None:
        """Of a valid form: days, None for ever."""
        return self.cleaned_data["days"] if self.cleaned_data["keep"] == "days" else None


def retention_form(days: int | None) -> RetentionForm:
    """The form as it stands for a room."""
    return RetentionForm(initial={"keep": "always" if days is None else "days", "days": days or 30})
