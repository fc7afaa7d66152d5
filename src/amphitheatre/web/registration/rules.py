"""Who may do what with a course and its registrations. Whatever is not written here is forbidden."""

from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole as Account
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.programme.models import Audience, Course, Part, Session
from amphitheatre.web.registration.models import HAVE_A_PLACE, Registration, State


class Action(StrEnum):
    SEE_DRAFT = "see-draft"  # a course before it is published
    PLAN = "plan"  # sessions
    SEE_MISSING = "see-missing"  # what a session lacks before it may go live
    DECIDE = "decide"  # on anybody's registration; on those of an institution: whoever acts for it


_OFFICE: Final = frozenset({Account.DIRECTOR, Account.SECRETARIAT})
_ALLOWED: Final[dict[Action, frozenset[Account]]] = {
    Action.SEE_DRAFT: _OFFICE,
    Action.PLAN: _OFFICE,
    Action.SEE_MISSING: _OFFICE | {Account.TECHNICIAN, Account.MODERATOR, Account.ADVOCATE},
    Action.DECIDE: _OFFICE,
}


def may(account: str, action: Action) -> bool:
    """account: its role; empty for somebody who is not signed in."""
    return account in _ALLOWED[action]


def acting_for(person: User) -> QuerySet[Institution]:
    """The institutions whose coordinator the person is."""
    acting = person.affiliations.filter(Affiliation.current(), coordinator=True)
    return Institution.objects.filter(pk__in=acting.values("institution"))


def institutions_of(person: User) -> QuerySet[Institution]:
    """Those whose registrations the person sees and decides on: none for most people."""
    return Institution.objects.all() if may(person.role, Action.DECIDE) else acting_for(person)


def acts_for_any(person: User | AnonymousUser) -> bool:
    """Whether there are registrations that the person decides on."""
    return isinstance(person, User) and institutions_of(person).exists()


def home_of(person: User) -> Institution | None:
    """The institution that the person belongs to now; of several the one since longest."""
    now = person.affiliations.filter(Affiliation.current()).select_related("institution")
    first = now.order_by("since", "pk").first()
    return first.institution if first else None


def may_apply(person: User | AnonymousUser, course: Course) -> bool:
    """Ask for a place oneself, before the course is over: whoever belongs to an institution, and has not asked yet or
    was cancelled.
    """
    if not isinstance(person, User) or course.published is None:
        return False
    asked = course.registrations.filter(person=person).exclude(state=State.CANCELLED).exists()
    return course.is_open and not asked and home_of(person) is not None


def audiences_of(person: User | AnonymousUser, session: Session) -> frozenset[Audience]:
    """Whose materials of a session the person is given: two queries."""
    if not isinstance(person, User):
        return frozenset()
    duties = set(person.duties.filter(session__course=session.course_id).values_list("part", "session_id"))
    interprets = any(part == Part.INTERPRETER for part, _ in duties)
    if may(person.role, Action.PLAN) or interprets or any(key == session.pk for _, key in duties):
        return frozenset(Audience)
    place = duties or person.registrations.filter(course=session.course_id, state__in=HAVE_A_PLACE).exists()
    return frozenset({Audience.PARTICIPANTS} if place else ())


def may_bring(person: User | AnonymousUser, session: Session) -> bool:
    """Materials: whoever plans the session, or speaks in it or leads it."""
    if not isinstance(person, User):
        return False
    leads = (Part.SPEAKER, Part.CHAIR, Part.MODERATOR)
    return may(person.role, Action.PLAN) or person.duties.filter(session=session, part__in=leads).exists()


def deciding_roles() -> frozenset[Account]:
    """Of those who decide on anybody's registration."""
    return _ALLOWED[Action.DECIDE]


def may_answer(person: User, registration: Registration) -> bool:
    """For oneself: take or turn down an invitation, give the place up, take part online instead of on site."""
    return registration.person_id == person.pk


def may_decide(person: User, registration: Registration) -> bool:
    """Nobody decides on their own registration."""
    return (
        registration.person_id != person.pk
        and institutions_of(person).filter(pk=registration.institution_id).exists()
    )
