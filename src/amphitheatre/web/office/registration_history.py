"""What has become of a registration: each change of its state, for whoever has to account for it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.office.labels import label
from amphitheatre.web.office.views import OfficeInspect
from amphitheatre.web.registration.models import Registration
from amphitheatre.web.ui import times


@dataclass(frozen=True)
class Line:
    """at: by the reader's and the course's clock. before: empty at the beginning."""

    at: str
    by: str
    before: str
    after: str


class RegistrationInspect(OfficeInspect):
    template_name = "office/registration.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(history=_history(self.object, self.request), **kwargs)


def _history(registration: Registration, request: HttpRequest) -> list[Line]:
    """Oldest first: one query, whatever has happened."""
    own = times.own_zone(request)
    with timezone.override(registration.course.zone):
        return [
            Line(
                times.zoned(change.at, own),
                label(change.by) if change.by else _("by itself"),
                change.get_before_display(),
                change.get_after_display()
                if change.before != change.after
                else _("takes part the other way"),
            )
            for change in registration.history.select_related("by")
        ]
