"""Letters through a real mail server: each arrives once, also when the server or the worker fails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import SHUT_RDWR
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from amphitheatre.web.mail.domain.letters import post
from amphitheatre.web.mail.domain.postman import (
    PAUSES,
    can_be_sent_again,
    due,
    forget_old,
    send,
    send_again,
)
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
    controller = Controller(handler, hostname="127.0.0.1", port=free_ports(1)[0], ready_timeout=60.0)
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
    assert work().state == LetterState.FAILED


def test_what_is_refused_for_good_is_not_tried_again(server: Server) -> None:
    server.answer = "550 no such mailbox"
    write()
    letter = work()
    assert (letter.state, letter.trouble, letter.tries) == (LetterState.FAILED, "550", 1)


def test_what_may_have_arrived_is_never_sent_again(server: Server) -> None:
    server.answer = None
    write()
    letter = work()
    assert letter.state == LetterState.UNSURE
    come_due()
    work()
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


def test_a_person_may_have_a_letter_sent_again(server: Server) -> None:
    server.answer = "550 no such mailbox"
    write()
    failed = work()
    assert can_be_sent_again(failed)
    server.answer = "250 OK"
    send_again(failed)
    write()
    sent = work()
    assert sent.state == LetterState.SENT
    assert not can_be_sent_again(sent)


def test_old_texts_are_forgotten(server: Server) -> None:
    write()
    Letter.objects.update(state=LetterState.FAILED, written=timezone.now() - timedelta(days=31))
    forget_old()
    assert Letter.objects.get().text == ""


def test_a_letter_that_is_forgotten_on_its_way_stops_nothing(server: Server) -> None:
    write()
    (letter,) = due()
    Letter.objects.all().delete()
    assert send(letter) is None
    assert not Letter.objects.exists()


@pytest.fixture
def service(settings: Any) -> Any:
    """A mail service that speaks HTTP; nobody listens at its address yet."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "t",
        "POSTMARK_API_URL": f"http://127.0.0.1:{free_ports(1)[0]}/",
    }
    return settings


def test_a_mail_service_that_is_not_reached_is_asked_again(service: Any) -> None:
    write()
    letter = work()
    assert (letter.state, letter.text) == (LetterState.WAITING, TEXT)


def test_a_wrong_setting_loses_no_letter(service: Any) -> None:
    service.ANYMAIL = {}
    write()
    assert work().state == LetterState.WAITING
    service.EMAIL_BACKEND = "anymail.backends.pigeon.EmailBackend"
    come_due()
    assert work().state == LetterState.WAITING


@pytest.mark.parametrize(
    ("status", "state"),
    [(401, LetterState.WAITING), (503, LetterState.WAITING), (422, LetterState.FAILED)],
)
def test_what_a_mail_service_answers(service: Any, status: int, state: LetterState) -> None:
    with answering(status) as address:
        service.ANYMAIL["POSTMARK_API_URL"] = address
        write()
        assert work().state == state


def test_a_mail_service_that_hangs_up_may_have_taken_it(service: Any) -> None:
    with answering(None) as address:
        service.ANYMAIL["POSTMARK_API_URL"] = address
        write()
        assert work().state == LetterState.UNSURE


@contextmanager
def answering(status: int | None) -> Iterator[str]:
    """An HTTP server that answers every letter so; None: it hangs up after it has read it."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if status is None:
                self.close_connection = True
                self.connection.shutdown(SHUT_RDWR)
                return
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
