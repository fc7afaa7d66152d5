"""Giving places, and passing them on: the only code that changes the state of a registration.

Every verb locks its course first (PostgreSQL: the row; SQLite: the database, by an IMMEDIATE transaction), so that two
requests never give the same place twice. When the course is over, nothing but who was there is noted any more; while it
is cancelled, no place is given.

    RegistrationError
    ├── NotPossibleError     its state does not allow that, or the course is over
    ├── NotProfessionalError operations have no lay audience
    └── NoPlaceError         all places of that kind are taken
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event
from amphitheatre.web.programme.models import Course, Kind
from amphitheatre.web.registration.models import HAVE_A_PLACE, Mode, Registration, State, StateChange
from amphitheatre.web.registration.tasks import tell

_UNDECIDED: Final = {State.INVITED, State.APPLIED}
_ASKABLE: Final = {State.APPLIED, State.CANCELLED}
_CLOSED: Final = {State.CANCELLED, State.ATTENDED}
_PROFESSIONS: Final = {Profession.DOCTOR, Profession.NURSE, Profession.STUDENT, Profession.TECHNICIAN}


class RegistrationError(Exception):
    """What was asked for is not done."""


class NotPossibleError(RegistrationError):
    """The registration is in a state in which that makes no sense, or the course is over."""


class NotProfessionalError(RegistrationError):
    """The course shows operations, and the person has no profession that may see them."""


class NoPlaceError(RegistrationError):
    """There is no place of the kind that was asked for, and what the person has stays theirs."""


def can_be_confirmed(registration: Registration) -> bool:
    return registration.state in _UNDECIDED and _may_come(registration)


def can_be_invited(registration: Registration) -> bool:
    return registration.state in _ASKABLE and _may_come(registration)


def can_be_readmitted(registration: Registration) -> bool:
    return registration.state == State.CANCELLED and _may_come(registration)


def _may_come(registration: Registration) -> bool:
    """There are places to be given, and the account has not been closed or deleted."""
    return registration.course.is_open and registration.person.is_active


def can_be_cancelled(registration: Registration) -> bool:
    return registration.state not in _CLOSED and not registration.course.is_over


@transaction.atomic
def apply(course: Course, person: User, institution: Institution, mode: Mode) -> Registration:
    """Asks for a place, on which the institution's coordinator or the secretariat decides; asking twice is once."""
    course = locked(course)
    asked, new = Registration.objects.get_or_create(
        course=course, person=person, defaults={"institution": institution, "mode": mode}
    )
    if new:
        _note([StateChange(registration=asked, before="", after=State.APPLIED, by=person)])
    elif can_be_readmitted(asked):
        asked.institution, asked.mode, asked.asked = institution, mode, timezone.now()
        asked.save()
        _change([(asked, State.APPLIED)], person)
    return asked


@transaction.atomic
def confirm(registration: Registration, by: User | None) -> Registration:
    """Gives a place, or one on the waiting list where none is free."""
    (decided,) = confirm_all(registration.course, [registration], by)
    return decided


@transaction.atomic
def confirm_all(course: Course, registrations: Iterable[Registration], by: User | None) -> list[Registration]:
    """As `confirm`, of one course, in this order; all or none."""
    course = locked(course)
    found = _found(course, registrations, can_be_confirmed)
    for one in found:
        if one.state == State.INVITED:  # an invitation held no place: they wait behind those who wait already
            one.asked = timezone.now()
    Registration.objects.bulk_update(found, ["asked"], batch_size=200)
    return _give(course, found, by)


@transaction.atomic
def invite_all(course: Course, registrations: Iterable[Registration], by: User | None) -> list[Registration]:
    """Asks them whether they come. Whoever says yes is confirmed then; until then no place is kept for them."""
    course = locked(course)
    found = _found(course, registrations, can_be_invited)
    _refuse_lay(course, [one.person for one in found])
    return _change([(one, State.INVITED) for one in found], by)


@transaction.atomic
def readmit_all(course: Course, registrations: Iterable[Registration], by: User | None) -> list[Registration]:
    """As `confirm_all`, of those who had been cancelled, in the mode that they bring: they wait behind everybody."""
    course, wanted = locked(course), list(registrations)
    found = _found(course, wanted, can_be_readmitted)
    for one, brought in zip(found, wanted, strict=True):
        one.mode, one.asked = brought.mode, timezone.now()
    Registration.objects.bulk_update(found, ["mode", "asked"], batch_size=200)
    return _give(course, found, by)


def _found(
    course: Course, registrations: Iterable[Registration], possible: Callable[[Registration], bool]
) -> list[Registration]:
    """As they are now. Raises NotPossibleError."""
    keys = [registration.pk for registration in registrations]
    now = course.registrations.select_related("person", "course").in_bulk(keys)
    found = [now[key] for key in keys]
    for registration in found:
        if not possible(registration):
            raise NotPossibleError(registration.state)
    return found


def _give(course: Course, found: list[Registration], by: User | None) -> list[Registration]:
    """Raises NotProfessionalError."""
    _refuse_lay(course, [one.person for one in found])
    free = Free(course)
    return _change([(one, State.CONFIRMED if free.take(one) else State.WAITING) for one in found], by)


@transaction.atomic
def readmit(registration: Registration, by: User | None) -> Registration:
    """Gives a place again, or one on the waiting list, to somebody who had been cancelled."""
    (decided,) = readmit_all(registration.course, [registration], by)
    return decided


@transaction.atomic
def cancel(registration: Registration, by: User | None) -> Registration:
    """Gives up the place, which goes to whoever has waited longest and fits it."""
    course = locked(registration.course)
    found = course.registrations.select_related("course").get(pk=registration.pk)
    if not can_be_cancelled(found):
        raise NotPossibleError(found.state)
    _change([(found, State.CANCELLED)], by)
    _promote(course)
    return found


@transaction.atomic
def change_mode(registration: Registration, mode: Mode, by: User | None) -> Registration:
    """Takes part the other way from now on; what is given up goes to whoever waits. Raises NoPlaceError."""
    course = locked(registration.course)
    found = course.registrations.select_related("course").get(pk=registration.pk)
    if not can_be_cancelled(found):
        raise NotPossibleError(found.state)
    if found.mode == mode:
        return found
    found.mode = mode
    if found.state == State.CONFIRMED and not Free(course, but=found).take(found):
        raise NoPlaceError
    found.save(update_fields=["mode"])
    _change([(found, State(found.state))], by)
    _promote(course)
    found.refresh_from_db(fields=["state"])
    return found


def can_have_attended(registration: Registration) -> bool:
    """They had a place, and the course has begun."""
    course = registration.course
    return registration.state == State.CONFIRMED and course.first_day <= course.today


@transaction.atomic
def attend(registration: Registration, by: User | None) -> Registration:
    """Notes that the person was there: somebody has seen them."""
    course = locked(registration.course)
    found = course.registrations.select_related("course").get(pk=registration.pk)
    if not can_have_attended(found):
        raise NotPossibleError(found.state)
    _change([(found, State.ATTENDED)], by)
    return found


@transaction.atomic
def promote(course: Course) -> list[Registration]:
    """Gives what is free to those who wait; after a capacity or a quota has grown."""
    return _promote(locked(course))


class Free:
    """The places of a course that are not taken yet; but: the registration that gives up its own."""

    def __init__(self, course: Course, but: Registration | None = None) -> None:
        self._by_mode: dict[str, int] = dict(course.capacities.values_list("mode", "places"))
        self._by_institution: dict[int, int] = dict(course.quotas.values_list("institution", "places"))
        held = course.registrations.filter(state__in=HAVE_A_PLACE).exclude(pk=but.pk if but else None)
        taken = held.values_list("mode", "institution")
        self._modes = Counter(mode for mode, _ in taken)
        self._institutions = Counter(institution for _, institution in taken)

    def take(self, registration: Registration) -> bool:
        """Whether there is a place for it, which then is taken."""
        return self.take_one(registration.mode, registration.institution_id)

    def take_one(self, mode: str, institution: int) -> bool:
        """As `take`, for somebody who is not registered yet."""
        places = self._by_mode.get(mode)
        quota = self._by_institution.get(institution)
        if places is not None and self._modes[mode] >= places:
            return False
        if quota is not None and self._institutions[institution] >= quota:
            return False
        self._modes[mode] += 1
        self._institutions[institution] += 1
        return True


def _promote(course: Course) -> list[Registration]:
    if not course.is_open:
        return []
    free = Free(course)
    waiting = course.registrations.filter(state=State.WAITING, person__is_active=True).order_by("asked", "pk")
    if shows_operations(course):
        waiting = waiting.filter(person__profession__in=_PROFESSIONS)
    waiting = waiting.select_related("course")
    return _change([(one, State.CONFIRMED) for one in waiting if free.take(one)], None)


def locked(course: Course) -> Course:
    """As it is now and stays until the transaction ends."""
    return Course.objects.select_for_update().get(pk=course.pk)


def _change(changes: list[tuple[Registration, State]], by: User | None) -> list[Registration]:
    _note([StateChange(registration=one, before=one.state, after=state, by=by) for one, state in changes])
    for one, state in changes:
        one.state = state
    changed = [one for one, _ in changes]
    Registration.objects.bulk_update(changed, ["state"], batch_size=200)
    return changed


def _note(changes: list[StateChange]) -> None:
    """Kept, written to those concerned, and told to other programs."""
    StateChange.objects.bulk_create(changes)
    tell.enqueue()
    announce(
        Event.REGISTRATION,
        *(
            {
                "course": one.registration.course.slug,
                "registration": one.registration_id,
                "before": one.before,
                "after": one.after,
                "mode": one.registration.mode,
            }
            for one in changes
        ),
    )


def _refuse_lay(course: Course, people: Iterable[User]) -> None:
    """Raises NotProfessionalError."""
    if any(is_lay(person.profession) for person in people) and shows_operations(course):
        raise NotProfessionalError


def is_lay(profession: str) -> bool:
    """Of those who may not see operations. profession: of `Profession`, or empty."""
    return profession not in _PROFESSIONS


def shows_operations(course: Course) -> bool:
    return course.sessions.filter(kind=Kind.LIVE_OPERATION).exists()
