"""Records to choose from: each said so that it can be told from the others."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.forms import ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.office.labels import in_its_course, label
from amphitheatre.web.programme.models import Phase, Session

_LAST_ZONE: Final = timedelta(hours=-12)  # where a day ends last


def tell_apart(field: ModelChoiceField, chosen: Any = None) -> None:
    """chosen: the key that the record has now; it is offered whatever else is."""
    field.label_from_instance = label
    if issubclass(field.queryset.model, Session):
        field.iterator, field.label_from_instance = _ByCourse, in_its_course
    field.queryset = _offered(field.queryset, chosen)


class _ByCourse(ModelChoiceIterator):
    """Under the name of each course its sessions: what is typed finds them by their day."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for course, sessions in groupby(self.queryset, lambda session: session.course):
            yield label(course), [self.choice(session) for session in sessions]


def _offered(records: QuerySet[Any], chosen: Any) -> QuerySet[Any]:
    """In one query. Of sessions those whose course is not over, and the chosen one with its course's, the newest course
    first; of people those who may sign in, by name.
    """
    if issubclass(records.model, Session):
        today = (timezone.now() + _LAST_ZONE).date()  # nowhere on earth is it an earlier day
        its_course = Session.objects.filter(pk=chosen).values("course")
        newest = "-course__last_day", "course__slug", "day", "begins", "again", "pk"
        there = records.filter(Q(course__last_day__gte=today) | Q(course__in=its_course))
        return there.select_related("course").order_by(*newest)
    if issubclass(records.model, Phase):
        return records.select_related("technique").order_by("technique__slug", "position")
    if issubclass(records.model, User):
        return records.filter(Q(is_active=True) | Q(pk=chosen)).order_by(Lower("name"), "email")
    return records
