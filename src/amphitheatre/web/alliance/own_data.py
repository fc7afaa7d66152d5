"""What the alliance holds of a person (accounts.domain.own_data)."""

from typing import Any

from django.utils import timezone

from amphitheatre.web.accounts.models import User


def export(person: User) -> list[dict[str, Any]]:
    return list(person.affiliations.values("institution__slug", "coordinator", "since", "until"))


def forget(person: User) -> None:
    """The person acts for nobody any more; that somebody belonged there stays, as a figure."""
    person.affiliations.filter(until=None).update(until=timezone.now().date(), coordinator=False)
