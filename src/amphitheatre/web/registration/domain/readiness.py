"""What registrations add to the list of what a session still lacks (programme.domain.readiness)."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils.translation import ngettext

from amphitheatre.web.programme.domain.readiness import Missing
from amphitheatre.web.programme.models import Kind, Session
from amphitheatre.web.registration.domain.places import is_lay
from amphitheatre.web.registration.models import HAVE_A_PLACE


def no_lay_audience(sessions: list[Session]) -> Iterator[Missing]:
    """Who got a place before the course showed operations, or has another profession since. One query."""
    operations = [session for session in sessions if session.kind == Kind.LIVE_OPERATION]
    if not operations:
        return
    held = operations[0].course.registrations.filter(state__in=HAVE_A_PLACE, person__is_active=True)
    counted = held.order_by().values_list("person__profession").annotate(Count("pk"))
    if lay := sum(count for profession, count in counted if is_lay(profession)):
        words = ngettext(
            "%(count)d participant of the course may not see operations, by the profession in their account.",
            "%(count)d participants of the course may not see operations, by the professions in their accounts.",
            lay,
        )
        for session in operations:
            yield Missing(session, words % {"count": lay})
