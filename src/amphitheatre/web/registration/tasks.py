"""What the worker does for registrations."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from amphitheatre.web.hooks.domain import delivery as messages
from amphitheatre.web.mail.domain.postman import forget_old
from amphitheatre.web.programme.models import Course, Duty, Session
from amphitheatre.web.registration.domain import news, programme_news
from amphitheatre.web.registration.models import KEPT, Capacity, Quota, Upload


@task()
def tell() -> None:
    """Writes to those whose registration has changed."""
    news.tell()


@task()
def tell_programme() -> None:
    """Writes to those whom changes of a programme concern."""
    programme_news.tell(timezone.now())


@task()
def fill_places(course: int) -> None:
    """Gives those who wait what has become free. course: its key."""
    from amphitheatre.web.registration.domain import places  # which itself has letters written, by `tell`

    if (found := Course.objects.filter(pk=course).first()) is not None:
        places.promote(found)


@task()
def catch_up() -> None:
    """What a worker was doing when it was killed, or what failed: places, and news of the programme."""
    for course in Course.objects.filter(last_day__gte=timezone.now().date() - timedelta(days=1)):
        fill_places.enqueue(course.pk)
    tell_programme.enqueue()
    tell_programme.using(run_after=timezone.now() + programme_news.QUIET).enqueue()


@task()
def keep_tidy() -> None:
    """Once a day: lists that nobody took, sessions that are over and finished tasks are forgotten."""
    Upload.objects.filter(made__lt=timezone.now() - KEPT).delete()
    forget_old()
    messages.forget_old()
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", verbosity=0)
    catch_up.enqueue()
    keep_tidy.using(run_after=timezone.now() + timedelta(days=1)).enqueue()


def places_changed(instance: Capacity | Quota, raw: bool = False, **_: object) -> None:
    """How many places there are was saved, or is without limit now (signal). raw: from a copy of the database."""
    if raw:
        return
    fill_places.enqueue(instance.course_id)


def programme_changed(instance: Course | Session | Duty, raw: bool = False, **_: Any) -> None:
    """Something of a programme was changed (signal): once nobody has changed anything for a while, it is told."""
    if raw:
        return
    match instance:
        case Course(pk=key) | Session(course_id=key):
            pass
        case Duty(session=session):
            key = session.course_id
    Course.objects.filter(pk=key).update(planned=timezone.now())
    tell_programme.using(run_after=timezone.now() + programme_news.QUIET).enqueue()
