"""Messages to other programs: signed as another library wants it, tried again, never sent to ourselves."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from amphitheatre.web.hooks.domain import delivery
from amphitheatre.web.hooks.domain.announcing import announce
from amphitheatre.web.hooks.models import Event, Hook, Message, MessageState
from amphitheatre.web.hooks.tasks import deliver
from tests.web.hooks.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Allowed although it is on this machine."""
    monkeypatch.setattr(delivery, "require_outside", lambda address: None)
    with receiving() as found:
        yield found


@pytest.fixture
def hook(receiver: Receiver) -> Hook:
    return Hook.objects.create(address=receiver.address, events=[Event.PUBLISHED, Event.REGISTRATION])


def tell() -> Message:
    announce(Event.PUBLISHED, {"course": "course"})
    return Message.objects.get()


def work() -> None:
    """What the worker does now, and what of the rest is due."""
    deliver.call()


def later(**by: float) -> None:
    """That much time has passed."""
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(due=message.due - timedelta(**by))


def test_what_has_happened_arrives_once_and_signed(receiver: Receiver, hook: Hook) -> None:
    message = tell()
    work()
    work()
    ((headers, body),) = receiver.got
    told = Webhook(hook.secret).verify(body, headers)
    assert told == json.loads(body)
    assert (told["type"], told["data"]) == ("course.published", {"course": "course"})
    assert headers["webhook-id"] == str(message.pk)
    assert headers["content-type"] == "application/json"
    message.refresh_from_db()
    assert (message.state, message.tries) == (MessageState.TAKEN, 1)


def test_a_changed_body_is_not_believed(receiver: Receiver, hook: Hook) -> None:
    tell()
    work()
    ((headers, body),) = receiver.got
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secret).verify(body.replace("course", "curse"), headers)


def test_only_who_asks_for_an_event_is_told(receiver: Receiver, hook: Hook) -> None:
    announce(Event.PROGRAMME, {"course": "course"})
    Hook.objects.update(active=False)
    announce(Event.PUBLISHED, {"course": "course"})
    assert not Message.objects.exists()


def test_it_is_tried_again_with_the_same_id_and_a_fresh_time(receiver: Receiver, hook: Hook) -> None:
    receiver.statuses = [500, 302]
    tell()
    work()
    work()  # not due yet
    assert len(receiver.got) == 1
    for _ in range(2):
        later(minutes=31)
        work()
    assert len(receiver.got) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert Message.objects.get().state == MessageState.TAKEN  # nobody followed the redirection


def test_after_a_day_of_trying_it_has_failed_and_may_be_sent_again(receiver: Receiver, hook: Hook) -> None:
    receiver.statuses = [503] * 20
    message = tell()
    for _ in range(20):
        work()
        later(hours=24)
    message.refresh_from_db()
    assert (message.state, message.tries, message.trouble) == (MessageState.FAILED, 7, "503")
    receiver.statuses = []
    delivery.send_again(message)
    work()
    message.refresh_from_db()
    assert message.state == MessageState.TAKEN


def test_who_answers_that_it_is_gone_is_told_no_more(receiver: Receiver, hook: Hook) -> None:
    receiver.statuses = [410]
    tell()
    work()
    hook.refresh_from_db()
    assert not hook.active
    assert Message.objects.get().state == MessageState.FAILED


def test_nobody_there_is_trouble_and_not_an_error(hook: Hook) -> None:
    Hook.objects.update(address="http://127.0.0.1:9/")
    tell()
    work()
    assert (Message.objects.get().state, Message.objects.get().trouble) == ("waiting", "ConnectError")


def test_one_that_its_worker_lost_is_taken_up_again(receiver: Receiver, hook: Hook) -> None:
    tell()
    assert (
        next(delivery.due(timezone.now() + timedelta(minutes=1))) is not None
    )  # and then that worker is killed
    work()
    assert receiver.got == []
    later(minutes=3)
    work()
    assert len(receiver.got) == 1


def test_a_lost_one_is_taken_up_by_a_task_that_is_there_already(receiver: Receiver, hook: Hook) -> None:
    tell()
    work()
    tasks = DBTaskResult.objects.filter(task_path=deliver.module_path, run_after__gt=timezone.now())
    assert tasks.filter(run_after__gt=timezone.now() + timedelta(seconds=100)).exists()


def test_an_address_that_does_not_answer_holds_nobody_up(receiver: Receiver, hook: Hook) -> None:
    receiver.statuses = [500] * 9
    dead = Hook.objects.create(address=receiver.address + "dead", events=[Event.REGISTRATION])
    announce(Event.REGISTRATION, *({"registration": number} for number in range(5)))
    Message.objects.filter(hook=hook).delete()
    work()
    assert len(receiver.got) == 1  # the other four wait with it
    assert Message.objects.filter(hook=dead, state=MessageState.WAITING).count() == 5
    receiver.statuses = []
    announce(Event.PUBLISHED, {"course": "course"})
    work()
    assert len(receiver.got) == 2


def test_one_that_drips_is_left_after_a_while(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_PATIENCE", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as server:
        Hook.objects.update(address=f"http://127.0.0.1:{server.getsockname()[1]}/")
        ended = threading.Event()

        def drip() -> None:
            line, _ = server.accept()
            with line:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 600:
                    if ended.wait(0.05):
                        return
                    line.sendall(bytes([letter]))

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        tell()
        began = time.monotonic()
        work()
        ended.set()
        dripping.join(60)
    assert time.monotonic() - began < 25  # of the 30 s that it drips
    assert Message.objects.get().trouble == "no answer in time"


def test_old_ones_are_forgotten_but_not_what_is_still_to_be_sent(receiver: Receiver, hook: Hook) -> None:
    tell()
    Message.objects.update(happened=timezone.now() - timedelta(days=31))
    delivery.forget_old()
    assert Message.objects.count() == 1
    work()
    delivery.forget_old()
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1",
        "::1",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "::ffff:127.0.0.1",
        "::",
        "100.100.100.200",
    ],
)
def test_this_machine_and_the_networks_own_services_are_never_asked(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = socket.AF_INET6 if ":" in place else socket.AF_INET
    answer = [(family, socket.SOCK_STREAM, 6, "", (place, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answer)
    with pytest.raises(delivery.UnreachableError):
        delivery.require_outside("https://receiver.example/")


@pytest.mark.parametrize("place", ["10.1.2.3", "192.168.0.7", "203.0.113.9", "2001:db8::1"])
def test_other_systems_of_the_hospital_are_reached(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = socket.AF_INET6 if ":" in place else socket.AF_INET
    answer = [(family, socket.SOCK_STREAM, 6, "", (place, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answer)
    delivery.require_outside("https://receiver.example/")


@pytest.mark.parametrize("address", ["https://nowhere.invalid/", "https://[::1/", "http://x:99999/"])
def test_an_address_that_leads_nowhere(address: str) -> None:
    hook = Hook.objects.create(address=address, events=[Event.PUBLISHED])
    tell()
    work()
    message = Message.objects.get(hook=hook)
    assert message.state == MessageState.WAITING
    assert message.trouble
