"""Records to choose from: each said so that it can be told from the others."""

from typing import Any

from babel.dates import format_interval
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.forms import ModelChoiceField
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.models import User
from amphitheatre.web.programme.models import Course, Phase, Session
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import current_tag


def tell_apart(field: ModelChoiceField, chosen: Any = None) -> None:
    """chosen: the key that the record has now; it is offered whatever else is."""
    field.queryset = _offered(field.queryset, chosen)
    field.label_from_instance = label


def label(record: Model) -> str:
    """In the reader's language."""
    if isinstance(record, Session):
        return _session(record)
    if isinstance(record, Course):
        ends = record.first_day, record.last_day
        return f"{record} · {format_interval(*ends, 'yMMMd', locale=times.LOCALES[current_tag()])}"
    if isinstance(record, Phase):
        return f"{record.technique} › {record}"
    return _person(record) if isinstance(record, User) else str(record)


def _offered(records: QuerySet[Any], chosen: Any) -> QuerySet[Any]:
    """In one query. Of sessions those to come first; of people those who may sign in, by name."""
    if issubclass(records.model, Session):
        newest = "-course__last_day", "course__slug", "day", "begins", "again", "pk"
        return records.select_related("course").order_by(*newest)
    if issubclass(records.model, Phase):
        return records.select_related("technique").order_by("technique__slug", "position")
    if issubclass(records.model, User):
        return records.filter(Q(is_active=True) | Q(pk=chosen)).order_by(Lower("name"), "email")
    return records


def _session(session: Session) -> str:
    with timezone.override(session.course.zone):
        at = times.zoned(session.starts)
    gone = " · " + _("Cancelled") if session.cancelled else ""
    return f"{session.course} · {at} · {session}{gone}"


def _person(person: User) -> str:
    """For instance "李明 (Li Ming) · li@example.org"."""
    name = person.name or person.latin_name
    latin = f" ({person.latin_name})" if person.latin_name not in ("", name) else ""
    return f"{name}{latin} · {person.email}" if name else person.email
