"""Letters through a real mail server: each arrives once, also when the server or the worker fails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from amphitheatre.web.mail.domain.letters import post
from amphitheatre.web.mail.domain.postman import PAUSES
from amphitheatre.web.mail.models import Letter, LetterState
from bench.instance import free_ports

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "https://example.org/invitation/secret/\n"


class Server:
    """answer: what it says to the next letters, after they have come whole; None: it hangs up."""

    def __init__(self) -> None:
        self.came: list[Envelope] = []
        self.answer: str | None = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.came.append(envelope)
        if self.answer is None:
            server.transport.abort()
            return "421 gone"
        return self.answer


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_USE_TLS = False
    yield handler
    controller.stop()


def write(key: str = "news:1", subject: str = "Subject") -> None:
    post(Letter(key=key, to="doctor@example.org", language="fr", subject=subject, text=TEXT))


def work() -> Letter:
    """What the worker does until nothing is left to do now."""
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    return Letter.objects.get()


def come_due() -> None:
    Letter.objects.update(due=timezone.now())
    write("news:1")  # puts a task into the queue; the letter itself is there already


def test_a_letter_arrives_once_and_its_text_is_forgotten(server: Server) -> None:
    write()
    write()
    letter = work()
    assert (letter.state, letter.text) == (LetterState.SENT, "")
    (came,) = server.came
    text = came.content.decode()
    assert came.rcpt_tos == ["doctor@example.org"]
    assert TEXT.strip() in text
    assert f"Message-ID: <{letter.pk}@{django_settings.AMPHITHEATRE.hosts[0]}>" in text
    assert "Content-Language: fr" in text
    come_due()
    assert work().state == LetterState.SENT
    assert len(server.came) == 1


def test_a_server_that_is_busy_is_asked_again_later(server: Server) -> None:
    server.answer = "451 try later"
    write()
    before = timezone.now()
    letter = work()
    assert (letter.state, letter.trouble) == (LetterState.WAITING, "451")
    assert letter.due >= before + PAUSES[0]
    server.answer = "250 OK"
    assert work().state == LetterState.WAITING  # not before it is due
    come_due()
    assert work().state == LetterState.SENT


def test_a_server_that_stays_busy_is_given_up_at_last(server: Server) -> None:
    server.answer = "451 try later"
    write()
    for _ in PAUSES:
        assert work().state == LetterState.WAITING
        come_due()
    letter = work()
    assert (letter.state, letter.text) == (LetterState.FAILED, "")


def test_what_is_refused_for_good_is_not_tried_again(server: Server) -> None:
    server.answer = "550 no such mailbox"
    write()
    letter = work()
    assert (letter.state, letter.trouble, letter.tries) == (LetterState.FAILED, "550", 1)


def test_what_may_have_arrived_is_never_sent_again(server: Server) -> None:
    server.answer = None
    write()
    letter = work()
    assert (letter.state, letter.text) == (LetterState.UNSURE, "")
    assert len(server.came) == 1


def test_without_a_mail_server_letters_wait(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    write()
    letter = work()
    assert (letter.state, letter.text) == (LetterState.WAITING, TEXT)


def test_a_letter_whose_worker_was_killed_is_given_up(server: Server) -> None:
    write()
    Letter.objects.update(state=LetterState.UNDER_WAY, due=timezone.now() - timedelta(hours=2))
    assert work().state == LetterState.UNSURE
    assert not server.came


def test_no_line_of_a_subject_becomes_a_header(server: Server) -> None:
    write(subject="Hello\nBcc: everybody@example.org")
    assert work().state == LetterState.SENT
    assert "Subject: Hello Bcc: everybody@example.org" in server.came[0].content.decode()


def test_one_letter_that_can_not_be_sent_holds_none_up(server: Server) -> None:
    write("news:2")
    Letter.objects.update(to="two\nlines@example.org", due=timezone.now() - timedelta(minutes=1))
    write("news:1")
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert Letter.objects.get(key="news:2").state == LetterState.FAILED
    assert Letter.objects.get(key="news:1").state == LetterState.SENT
