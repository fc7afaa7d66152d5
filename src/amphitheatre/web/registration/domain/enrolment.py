"""Registering many at once: the doctors of an institution, from its coordinator's list."""

from dataclasses import asdict, dataclass

from django.db import transaction

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation, Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.domain.places import confirm_all, locked, readmit_all
from amphitheatre.web.registration.domain.roster import Candidate
from amphitheatre.web.registration.models import Registration, State
from amphitheatre.web.ui.language import current_tag

_BATCH = 200


@dataclass(frozen=True)
class Preview:
    """What enrolling these would do. new: accounts to be made. known: with an account. cancelled: by the same
    institution before, and registered again. already: in the course, or cancelled by somebody else.
    """

    new: list[Candidate]
    known: list[Candidate]
    cancelled: list[Candidate]
    already: list[Candidate]

    @property
    def places(self) -> int:
        """How many would be registered."""
        return len(self.new) + len(self.known) + len(self.cancelled)


def preview(course: Course, institution: Institution, candidates: list[Candidate], by: User) -> Preview:
    """Two queries. Nobody decides for another institution, nor on themselves."""
    known = set(_accounts(candidates))
    registered = {
        one.person.email: one
        for one in course.registrations.filter(person__email__in=known).select_related("person")
    }
    cancelled = {
        email
        for email, one in registered.items()
        if one.state == State.CANCELLED and one.institution_id == institution.pk and one.person_id != by.pk
    }
    return Preview(
        new=[one for one in candidates if one.email not in known],
        known=[one for one in candidates if one.email in known - registered.keys()],
        cancelled=[one for one in candidates if one.email in cancelled],
        already=[one for one in candidates if one.email in registered.keys() - cancelled],
    )


@transaction.atomic
def enrol(
    course: Course, institution: Institution, candidates: list[Candidate], by: User
) -> list[Registration]:
    """Makes the accounts that are missing, and gives places, as long as there are any, in the order of the list.

    All or nothing. Who is in the course already stays as they are, and nothing of an account that is there is changed.
    Raises places.RegistrationError.
    """
    course = locked(course)
    plan = preview(course, institution, candidates, by)
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
    made = there.filter(person__email__in=[one.email for one in coming])
    modes = {one.email: one.mode for one in plan.cancelled}
    again = list(there.filter(person__email__in=modes).select_related("person"))
    for one in again:
        one.mode = modes[one.person.email]
    return [*confirm_all(course, made, by), *readmit_all(course, again, by)]


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
