"""What the worker does for registrations."""

from django.utils import timezone
from django_tasks import task

from amphitheatre.web.registration.domain import news, programme_news


@task()
def tell() -> None:
    """Writes to those whose registration has changed."""
    news.tell()


@task()
def tell_programme() -> None:
    """Writes to those who take part in a course whose programme has changed."""
    programme_news.tell(timezone.now())


def programme_changed(**_: object) -> None:
    """A course or a session was saved (signal): once nobody has changed anything for a while, it is told."""
    tell_programme.using(run_after=timezone.now() + programme_news.QUIET).enqueue()
