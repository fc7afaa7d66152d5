"""Sessions and courses that do not take place, and those that do after all.

Calendars and letters see it by themselves (`Session.save`). What is over is left as it was.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from amphitheatre.web.programme.models import Course, Session


def is_to_come(session: Session) -> bool:
    """Or still going on."""
    return session.ends > timezone.now()


def can_be_cancelled(session: Session) -> bool:
    return not session.cancelled and is_to_come(session)


def can_be_restored(session: Session) -> bool:
    """Of a course that is cancelled none takes place by itself."""
    return session.cancelled and is_to_come(session) and not session.course.cancelled


def course_can_be_cancelled(course: Course) -> bool:
    return not course.cancelled and not course.is_over


def course_can_be_restored(course: Course) -> bool:
    return course.cancelled and not course.is_over


def cancel(sessions: Iterable[Session]) -> list[Session]:
    """Those of them with which that is possible, as they are now; all or none."""
    return _set(sessions, can_be_cancelled, cancelled=True)


def restore(sessions: Iterable[Session]) -> list[Session]:
    """Lets them take place after all, as `cancel`."""
    return _set(sessions, can_be_restored, cancelled=False)


@transaction.atomic
def cancel_course(course: Course) -> list[Session]:
    """With all its sessions that are to come; these."""
    course.cancelled = True
    course.save(update_fields=["cancelled"])
    return cancel(course.sessions.all())


@transaction.atomic
def restore_course(course: Course) -> list[Session]:
    """With all its sessions that are to come; these."""
    course.cancelled = False
    course.save(update_fields=["cancelled"])
    return restore(course.sessions.all())


@transaction.atomic
def _set(
    sessions: Iterable[Session], possible: Callable[[Session], bool], *, cancelled: bool
) -> list[Session]:
    keys = [session.pk for session in sessions]
    # Read again and held: two who press at once raise the sequence once.
    found = Session.objects.select_for_update(of=("self",)).select_related("course").filter(pk__in=keys)
    changed = [session for session in found if possible(session)]
    for session in changed:
        session.cancelled = cancelled
        session.save(update_fields=["cancelled"])
    return changed
