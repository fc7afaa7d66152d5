"""What the office does with several courses, sessions or cases."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event
from amphitheatre.web.office.bulk import OfficeAction
from amphitheatre.web.programme.domain import cancelling
from amphitheatre.web.programme.models import Case, Course, Duty, Session
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.registration.domain.programme_news import QUIET, nothing_to_tell
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration


class Publish(OfficeAction):
    models: ClassVar = [Course]
    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the selected courses")
    action_type = "publish"
    permission = "programme.publish_course"
    verb = "amphitheatre.publish"

    def makes_sense(self, course: Course) -> bool:
        return course.published is None

    def do(self, course: Course) -> None:
        nothing_to_tell(course)
        course.published = timezone.now()
        course.save(update_fields=["published"])
        announce(Event.PUBLISHED, {"course": course.slug})


class Consent(OfficeAction):
    models: ClassVar = [Case]
    display_name = gettext_lazy("The patient consents")
    aria_label = gettext_lazy("Record the patient's consent to the selected cases")
    action_type = "consent"
    permission = "programme.consent_case"
    verb = "amphitheatre.consent"

    def makes_sense(self, case: Case) -> bool:
        return case.consent is None

    def do(self, case: Case) -> None:
        case.consent = timezone.now()
        case.save(update_fields=["consent"])


class Withdraw(OfficeAction):
    models: ClassVar = [Case]
    display_name = gettext_lazy("The patient does not consent any more")
    aria_label = gettext_lazy("Record that the patient withdraws consent to the selected cases")
    action_type = "withdraw"
    classes: ClassVar = {"serious"}
    permission = "programme.consent_case"
    verb = "amphitheatre.withdraw"

    def makes_sense(self, case: Case) -> bool:
        return case.consent is not None

    def do(self, case: Case) -> None:
        case.consent = None
        case.save(update_fields=["consent"])


class _OfSessions(OfficeAction):
    """possible: whether a session can be changed so. change: does it with several."""

    models: ClassVar = [Session]
    related = ("course",)
    permission = "programme.cancel_session"
    possible: Callable[[Session], bool]
    change: Callable[[Iterable[Session]], list[Session]]

    def makes_sense(self, session: Session) -> bool:
        return type(self).possible(session)

    def left(self, session: Session) -> str:
        """That it is cancelled is said with its name."""
        state = "" if cancelling.is_to_come(session) else _("over")
        return " · ".join(filter(None, [self.named(session), state]))

    def consequences(self, sessions: list[Session]) -> list[Any]:
        return [*super().consequences(sessions), _who_is_told(sessions)]

    def all_tried(self, sessions: list[Session]) -> list[Session]:
        return type(self).change(sessions)


class CancelSessions(_OfSessions):
    display_name = gettext_lazy("Cancel the sessions")
    aria_label = gettext_lazy("Cancel the selected sessions")
    action_type = "cancel"
    classes: ClassVar = {"serious"}
    verb = "amphitheatre.cancel"
    possible = cancelling.can_be_cancelled
    change = cancelling.cancel


class RestoreSessions(_OfSessions):
    display_name = gettext_lazy("Let them take place after all")
    consequence = gettext_lazy(
        "Rooms and people may be planned elsewhere meanwhile: look afterwards at what is missing."
    )
    aria_label = gettext_lazy("Let the selected sessions take place after all")
    action_type = "restore"
    verb = "amphitheatre.restore"
    possible = cancelling.can_be_restored
    change = cancelling.restore

    def all_tried(self, sessions: list[Session]) -> list[Session]:
        restored = super().all_tried(sessions)
        for course in {session.course for session in restored}:
            _say_what_is_missing(self.request, course)
        return restored


class _OfCourses(OfficeAction):
    """possible: whether a course can be changed so. one: whether a session of it can. change: does it."""

    models: ClassVar = [Course]
    permission = "programme.cancel_course"
    possible: Callable[[Course], bool]
    one: Callable[[Session], bool]
    change: Callable[[Course], list[Session]]

    @classmethod
    def read(cls, chosen: QuerySet[Course]) -> QuerySet[Course]:
        return chosen.prefetch_related("sessions")

    def makes_sense(self, course: Course) -> bool:
        return type(self).possible(course)

    def consequences(self, courses: list[Course]) -> list[Any]:
        sessions = [one for course in courses for one in course.sessions.all()]
        return [
            *super().consequences(courses),
            _who_is_told([one for one in sessions if type(self).one(one)]),
        ]

    def do(self, course: Course) -> None:
        for session in type(self).change(course):
            log(instance=session, action=self.verb, user=self.request.user)


class CancelCourse(_OfCourses):
    display_name = gettext_lazy("Cancel the course")
    consequence = gettext_lazy(
        "None of its sessions takes place any more; those that are over stay as they were. Registrations stay, too."
    )
    aria_label = gettext_lazy("Cancel the selected courses")
    action_type = "cancel"
    classes: ClassVar = {"serious"}
    verb = "amphitheatre.cancel"
    possible = cancelling.course_can_be_cancelled
    one = cancelling.can_be_cancelled
    change = cancelling.cancel_course


class RestoreCourse(_OfCourses):
    display_name = gettext_lazy("Let it take place after all")
    consequence = gettext_lazy(
        "All its sessions that are not over take place again, also those that had been cancelled one by one. Rooms and "
        "people may be planned elsewhere meanwhile: look afterwards at what is missing."
    )
    aria_label = gettext_lazy("Let the selected courses take place after all")
    action_type = "restore"
    verb = "amphitheatre.restore"
    possible = cancelling.course_can_be_restored
    one = cancelling.is_to_come
    change = cancelling.restore_course

    def do(self, course: Course) -> None:
        super().do(course)
        _say_what_is_missing(self.request, course)


def _say_what_is_missing(request: HttpRequest, course: Course) -> None:
    """Rooms and people may be planned elsewhere since it was cancelled."""
    if not (count := sum(bool(lacks) for _session, lacks in missing_in(course))):
        return
    said = ngettext(
        "%(count)d session lacks something before it may go live.",
        "%(count)d sessions lack something before they may go live.",
        count,
    ) % {"count": count}
    ready = reverse("course-ready", args=[course.slug])
    messages.warning(
        request, format_html('{} · {} <a href="{}">{}</a>', course, said, ready, _("All sessions"))
    )


def _who_is_told(sessions: list[Session]) -> str:
    count = len(_concerned([one for one in sessions if one.course.published]))
    if not count:
        return _(
            "Nobody gets a letter: the programme is not published, or nobody has a place or a part there."
        )
    told = ngettext(
        "%(count)d person has a place or a part there. Calendars show it at once, and a letter says so once nothing "
        "has been changed for %(minutes)d minutes.",
        "%(count)d people have a place or a part there. Calendars show it at once, and a letter says so once nothing "
        "has been changed for %(minutes)d minutes.",
        count,
    )
    return told % {"count": count, "minutes": QUIET // timedelta(minutes=1)}


def _concerned(sessions: list[Session]) -> set[int]:
    """The keys of those who have a place, as far as a session is for their continent, or do something in one."""
    audiences: dict[int, set[str]] = defaultdict(set)
    for session in sessions:
        audiences[session.course_id].add(session.audience)
    meant = Q(pk=None)
    for course, continents in audiences.items():
        everybody = "" in continents
        meant |= Q(course=course) if everybody else Q(course=course, institution__continent__in=continents)
    places = Registration.objects.filter(meant, state__in=HAVE_A_PLACE, person__is_active=True)
    parts = Duty.objects.filter(session__in=sessions, person__is_active=True)
    return {*places.values_list("person", flat=True), *parts.values_list("person", flat=True)}


ACTIONS = (Publish, Consent, Withdraw, CancelSessions, RestoreSessions, CancelCourse, RestoreCourse)
