"""Letters about registrations: each change is told once, to whom it concerns, in their language."""

from collections.abc import Iterator
from typing import Any, Final

from babel.dates import format_interval
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone, translation

from amphitheatre.web.accounts.domain.invitations import invite, not_in_yet
from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.alliance.models import Affiliation
from amphitheatre.web.mail.domain.letters import letter, post
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.registration.models import Registration, State, StateChange
from amphitheatre.web.registration.queries import coordinators
from amphitheatre.web.registration.rules import deciding_roles
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.times import LOCALES

_TEMPLATES: Final = {
    State.INVITED: "registration/letters/invited.txt",
    State.CONFIRMED: "registration/letters/confirmed.txt",
    State.WAITING: "registration/letters/waiting.txt",
    State.CANCELLED: "registration/letters/cancelled.txt",
}
_LET_IN: Final = (State.INVITED, State.CONFIRMED)
_AT_ONCE: Final = 50  # in one transaction


def tell() -> None:
    """Writes a letter about every change that has not been told yet, unless it was overtaken by a later one."""
    while _tell_some():
        pass


def remind(registration: Registration) -> bool:
    """Invites once more somebody who has not come in yet; once a day at most. Whether that is done now."""
    key = f"invitation:{registration.pk}:{timezone.now().date()}"
    if Letter.objects.filter(key=key).exists():
        return False
    acting = coordinators([registration.institution_id])
    post(_letter(key, registration, _TEMPLATES[State(registration.state)], acting))
    return True


@transaction.atomic
def _tell_some() -> bool:
    """Whether there was any."""
    untold = StateChange.objects.filter(told=None).select_for_update(of=("self",))
    wanted = ("registration__course", "registration__person", "registration__institution")
    changes = list(untold.select_related(*wanted)[:_AT_ONCE])
    if not changes:
        return False
    registrations = {change.registration_id for change in changes}
    newest = StateChange.objects.filter(registration__in=registrations).values("registration")
    latest = set(newest.annotate(latest=Max("pk")).values_list("latest", flat=True))
    applied = [
        one for one in changes if one.pk in latest and one.after == State.APPLIED and one.before != one.after
    ]
    acting = coordinators({change.registration.institution_id for change in changes})
    post(
        *[letter for change in applied for letter in _to_deciders(change)],
        *[
            _letter(
                f"registration:{change.pk}", change.registration, _TEMPLATES[change.after], acting, change
            )
            for change in changes
            if change.pk in latest and change.after in _TEMPLATES and change.registration.person.is_active
        ],
    )
    StateChange.objects.filter(pk__in=[change.pk for change in changes]).update(told=timezone.now())
    return True


def _to_deciders(change: StateChange) -> Iterator[Letter]:
    """Somebody asks for a place: who else acts for the institution decides; where nobody does, the secretariat."""
    registration = change.registration
    acting = registration.institution.people.filter(Affiliation.current(), coordinator=True)
    others = User.objects.filter(is_active=True).exclude(pk=registration.person_id)
    deciders = (
        others.filter(pk__in=acting.values("person"))
        or others.filter(role=AccountRole.SECRETARIAT)
        or others.filter(role__in=deciding_roles())
    )
    for person in deciders:
        context = {
            "person": person,
            "applicant": registration.person,
            "course": registration.course,
            "site": settings.AMPHITHEATRE.address,
            "page": settings.AMPHITHEATRE.address
            + reverse("course-doctors", args=[registration.course.slug]),
        }
        key = f"applied:{change.pk}:{person.pk}"
        yield letter(key, person.email, person.letters_in, "registration/letters/applied.txt", context)


def _letter(
    key: str,
    registration: Registration,
    template: str,
    acting: dict[int, str],
    change: StateChange | None = None,
) -> Letter:
    """acting: as from `queries.coordinators`. change: what it tells of; None: it is told once more."""
    person, course = registration.person, registration.course
    context: dict[str, Any] = {
        "registration": registration,
        "person": person,
        "course": course,
        "before": change.before if change else "",
        "own": change is not None and change.by_id == person.pk,
        "coordinators": acting.get(registration.institution_id, ""),
        "site": settings.AMPHITHEATRE.address,
        "own_page": settings.AMPHITHEATRE.address + reverse("own-page"),
    }
    with translation.override(person.letters_in):
        context["days"] = format_interval(
            course.first_day, course.last_day, "yMMMd", locale=LOCALES[current_tag()]
        )
    if registration.state in _LET_IN and not_in_yet(person):
        context["invitation"] = invite(person)
    return letter(key, person.email, person.letters_in, template, context)
