"""What the worker does with letters."""

from datetime import timedelta
from typing import Final

from django.db import DatabaseError
from django.utils import timezone
from django_tasks import task

from amphitheatre.web.mail.domain import postman

_AFTER_TROUBLE: Final = timedelta(minutes=1)


@task()
def deliver() -> None:
    """Sends what is due, and comes back for what has to be tried again."""
    try:
        for letter in postman.due():
            if again := postman.send(letter):
                deliver.using(run_after=again).enqueue()
    except DatabaseError:  # a lock that was held too long, for instance
        deliver.using(run_after=timezone.now() + _AFTER_TROUBLE).enqueue()
        raise
