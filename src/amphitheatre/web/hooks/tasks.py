"""What the worker does with messages."""

from django.utils import timezone
from django_tasks import task

from amphitheatre.web.hooks.domain import delivery


@task()
def deliver() -> None:
    """Sends what is due, and comes back for what has to be tried again."""
    for message in delivery.due():
        if again := delivery.send(message):
            deliver.using(run_after=timezone.now() + again).enqueue()
