"""What the worker does for registrations."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from amphitheatre.web.hooks.domain import delivery as messages
from amphitheatre.web.mail.domain.postman import forget_old
from amphitheatre.web.registration.domain import news, programme_news
from amphitheatre.web.registration.models import KEPT, Upload


@task()
def tell() -> None:
    """Writes to those whose registration has changed."""
    news.tell()


@task()
def tell_programme() -> None:
    """Writes to those who take part in a course whose programme has changed."""
    programme_news.tell(timezone.now())


@task()
def keep_tidy() -> None:
    """Once a day: lists that nobody took, sessions that are over and finished tasks are forgotten."""
    Upload.objects.filter(made__lt=timezone.now() - KEPT).delete()
    forget_old()
    messages.forget_old()
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", verbosity=0)
    keep_tidy.using(run_after=timezone.now() + timedelta(days=1)).enqueue()


def programme_changed(**_: object) -> None:
    """A course or a session was saved (signal): once nobody has changed anything for a while, it is told."""
    tell_programme.using(run_after=timezone.now() + programme_news.QUIET).enqueue()
