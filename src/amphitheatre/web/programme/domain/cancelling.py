"""Sessions that do not take place, and those that do after all. A course is cancelled by its sessions.

Calendars and letters see it by themselves (`Session.save`). What is over is left as it was.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from amphitheatre.web.programme.models import Session


def is_to_come(session: Session) -> bool:
    """Or still going on."""
    return session.ends > timezone.now()


def can_be_cancelled(session: Session) -> bool:
    return not session.cancelled and is_to_come(session)


def can_be_restored(session: Session) -> bool:
    return session.cancelled and is_to_come(session)


def course_can_be_cancelled(sessions: Iterable[Session]) -> bool:
    """sessions: all of one course."""
    return any(map(can_be_cancelled, sessions))


def course_can_be_restored(sessions: Iterable[Session]) -> bool:
    """Nothing of what is to come takes place. sessions: all of one course."""
    to_come = [session for session in sessions if is_to_come(session)]
    return bool(to_come) and all(session.cancelled for session in to_come)


def cancel(sessions: Iterable[Session]) -> list[Session]:
    """Those of them with which that is possible, as they are now; all or none."""
    return _set(sessions, can_be_cancelled, cancelled=True)


def restore(sessions: Iterable[Session]) -> list[Session]:
    """Lets them take place after all, as `cancel`."""
    return _set(sessions, can_be_restored, cancelled=False)


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
