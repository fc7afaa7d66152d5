"""Registering many at once: the doctors of an institution, from its coordinator's list."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import (
    Free,
    RegistrationError,
    confirm_all,
    invite_all,
    is_lay,
    locked,
    readmit_all,
    shows_operations,
)
from amphitheatre.web.registration.domain.roster import Candidate, RowFault
from amphitheatre.web.registration.models import Registration, State
from amphitheatre.web.ui.language import current_tag

_BATCH = 200


@dataclass(frozen=True)
class Preview:
    """What enrolling these would do. new: accounts to be made. known: with an account. cancelled: by the same
    institution before, and registered again. already: in the course, or cancelled by somebody else. faults: why it
    can't be done. waiting: for how many there is no place now.
    """

    new: list[Candidate]
    known: list[Candidate]
    cancelled: list[Candidate]
    already: list[Candidate]
    faults: list[RowFault]
    waiting: int

    @property
    def places(self) -> int:
        """How many would be registered."""
        return len(self.new) + len(self.known) + len(self.cancelled)


class RowsRefusedError(RegistrationError):
    """Somebody on the list can't be registered. faults: who and why, in the reader's language."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def preview(course: Course, institution: Institution, candidates: list[Candidate], by: User) -> Preview:
    """A fixed number of queries. Nobody decides for another institution, nor on themselves."""
    accounts = _accounts(candidates)
    known = accounts.keys()
    registered = {
        one.person.email: one
        for one in course.registrations.filter(person__email__in=known).select_related("person")
    }
    cancelled = {
        email
        for email, one in registered.items()
        if one.state == State.CANCELLED and one.institution_id == institution.pk and one.person_id != by.pk
    }
    coming = [one for one in candidates if one.email not in registered.keys() - cancelled]
    free = Free(course)
    return Preview(
        new=[one for one in coming if one.email not in known],
        known=[one for one in coming if one.email in known - cancelled],
        cancelled=[one for one in coming if one.email in cancelled],
        already=[one for one in candidates if one.email in registered.keys() - cancelled],
        faults=[*_of_elsewhere(coming, accounts, institution), *_lay(coming, accounts, course)],
        waiting=sum(not free.take_one(one.mode, institution.pk) for one in coming),
    )


def _of_elsewhere(
    coming: list[Candidate], accounts: dict[str, User], institution: Institution
) -> Iterator[RowFault]:
    """Who belongs to another institution is registered by that one."""
    theirs = Affiliation.objects.filter(Affiliation.current(), person__in=accounts.values())
    belong: dict[int, set[int]] = {}
    for person, home in theirs.values_list("person", "institution"):
        belong.setdefault(person, set()).add(home)
    for one in coming:
        homes = belong.get(accounts[one.email].pk) if one.email in accounts else None
        if homes and institution.pk not in homes:
            words = _("%(email)s belongs to another institution, which registers them. Ask the secretariat.")
            yield RowFault(one.row, words % {"email": one.email})


def _lay(coming: list[Candidate], accounts: dict[str, User], course: Course) -> Iterator[RowFault]:
    """What an account says counts, not the list."""
    if not shows_operations(course):
        return
    for one in coming:
        account = accounts.get(one.email)
        if account is None and is_lay(one.profession):
            yield RowFault(one.row, _("Operations are shown: this profession may not see them."))
        elif account is not None and is_lay(account.profession):
            words = _(
                "The account of %(email)s names no profession that may see operations. Ask the secretariat."
            )
            yield RowFault(one.row, words % {"email": one.email})


@transaction.atomic
def enrol(
    course: Course, institution: Institution, candidates: list[Candidate], by: User
) -> list[Registration]:
    """Makes the accounts that are missing, and gives places, as long as there are any, in the order of the list.

    All or nothing. Who is in the course already stays as they are, and nothing of an account that is there is changed.
    Raises places.RegistrationError.
    """
    course = locked(course)
    made, again = _bring(course, institution, candidates, by)
    return [*confirm_all(course, made, by), *readmit_all(course, again, by)]


@transaction.atomic
def invite(
    course: Course, institution: Institution, candidates: list[Candidate], by: User
) -> list[Registration]:
    """As `enrol`, but each is asked whether they come."""
    course = locked(course)
    made, again = _bring(course, institution, candidates, by)
    Registration.objects.bulk_update(again, ["mode"], batch_size=_BATCH)
    return invite_all(course, [*made, *again], by)


def _bring(
    course: Course, institution: Institution, candidates: list[Candidate], by: User
) -> tuple[list[Registration], list[Registration]]:
    """The registrations that were made, and those that had been cancelled, with the mode that the list brings.

    Raises RowsRefusedError.
    """
    plan = preview(course, institution, candidates, by)
    if plan.faults:
        raise RowsRefusedError(plan.faults)
    User.objects.bulk_create([_account(one, institution) for one in plan.new], batch_size=_BATCH)
    people = _accounts(candidates)
    coming = [*plan.new, *plan.known]
    Affiliation.objects.bulk_create(
        [Affiliation(person=people[one.email], institution=institution) for one in plan.new],
        batch_size=_BATCH,
    )
    Registration.objects.bulk_create(
        [
            Registration(course=course, person=people[one.email], institution=institution, mode=one.mode)
            for one in sorted(coming, key=lambda one: one.row)
        ],
        batch_size=_BATCH,
    )
    there = course.registrations.order_by("pk")
    made = list(there.filter(person__email__in=[one.email for one in coming]))
    modes = {one.email: one.mode for one in plan.cancelled}
    again = list(there.filter(person__email__in=modes).select_related("person"))
    for one in again:
        one.mode = modes[one.person.email]
    return made, again


def _account(candidate: Candidate, institution: Institution) -> User:
    """Nobody can sign in with it before they have been invited.

    Who speaks which language stands in the list, or is taken to be as with whoever brings it.
    """
    facts = {name: value for name, value in asdict(candidate).items() if name not in ("row", "mode")}
    if not candidate.languages:
        facts["preferred_language"] = current_tag()
    user = User(country=institution.country, time_zone=institution.time_zone, **facts)
    user.set_unusable_password()
    return user


def _accounts(candidates: list[Candidate]) -> dict[str, User]:
    """By e-mail address."""
    return {user.email: user for user in User.objects.filter(email__in=[one.email for one in candidates])}
