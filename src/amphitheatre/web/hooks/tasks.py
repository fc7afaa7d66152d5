"""What the worker does with messages: some at a time, and after letters, for which people wait."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django_tasks import task

from amphitheatre.web.hooks.domain import delivery

_AT_A_TIME: Final = timedelta(seconds=30)
_AFTER_LETTERS: Final = -10  # priority


@task(priority=_AFTER_LETTERS)
def deliver() -> None:
    """Sends what is due, and comes back for what has to be tried again."""
    if not delivery.any_due():
        return
    now = timezone.now()
    deliver.using(run_after=now + delivery.LEASE).enqueue()  # should this worker be lost meanwhile
    for message in delivery.due(until=now + _AT_A_TIME):
        if again := delivery.send(message):
            deliver.using(run_after=timezone.now() + again).enqueue()
    if delivery.any_due():
        deliver.enqueue()
