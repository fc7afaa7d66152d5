"""What others are told: kept together with what it tells of, in one transaction; the worker sends it afterwards."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from amphitheatre.web.hooks.models import Event, Hook, Message
from amphitheatre.web.hooks.tasks import deliver


def announce(event: Event, *facts: Mapping[str, Any]) -> None:
    """Each of the facts is one message to every address that asks for such events: no names, no addresses of people."""
    hooks: Sequence[Hook] = [hook for hook in Hook.objects.filter(active=True) if event in hook.events]
    if not hooks or not facts:
        return
    now = timezone.now()
    Message.objects.bulk_create(
        Message(hook=hook, event=event, body=_body(event, now, one), happened=now, due=now)
        for one in facts
        for hook in hooks
    )
    deliver.enqueue()


def _body(event: Event, at: Any, data: Mapping[str, Any]) -> str:
    """As Standard Webhooks has it."""
    told = {"type": event.value, "timestamp": at, "data": dict(data)}
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
