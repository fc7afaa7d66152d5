"""What the office holds of a person (accounts.domain.own_data): their own settings, and their name in the history."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from amphitheatre.web.accounts.models import User
from amphitheatre.web.office.models import Person


def export(person: User) -> list[dict[str, Any]]:
    return list(ModelLogEntry.objects.filter(user=person).values("action", "timestamp", "label"))


def forget(person: User) -> None:
    kinds = ContentType.objects.get_for_models(User, Person, for_concrete_models=False).values()
    entries = ModelLogEntry.objects.filter(content_type__in=kinds, object_id=str(person.pk))
    entries.update(label=str(person.opaque_id), data={})
    for profile in UserProfile.objects.filter(user=person):
        profile.avatar.delete(save=False)
        profile.delete()
