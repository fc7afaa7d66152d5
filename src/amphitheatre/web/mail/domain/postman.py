"""Sending a letter once: what may have arrived is never sent again by itself."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import structlog
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from amphitheatre.web.mail.models import Letter, LetterState

log = structlog.get_logger(__name__)

PAUSES: Final = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""Between one try and the next; after the last one it has failed. RFC 5321, 4.5.4.1, asks for the like."""


_TEXTS_KEPT: Final = timedelta(days=30)
_LOST_AFTER: Final = timedelta(hours=1)


_OURS_TO_MEND: Final = {401, 403, 429}  # a key that is wrong or rotated; too much at once


class _Refused(Exception):
    """It was not taken, and we know that. again: another try makes sense."""

    def __init__(self, why: object, *, again: bool) -> None:
        super().__init__(str(why))
        self.again = again


def due() -> Iterator[Letter]:
    """Those to be sent now; each is taken out of other workers' reach before it is given."""
    _give_up_lost()
    while True:
        now = timezone.now()
        waiting = Letter.objects.filter(state=LetterState.WAITING, due__lte=now)
        letter = waiting.order_by("due").first()
        if letter is None:
            return
        if waiting.filter(pk=letter.pk).update(state=LetterState.UNDER_WAY, tries=F("tries") + 1, due=now):
            letter.tries += 1
            yield letter


def send(letter: Letter) -> datetime | None:
    """Sends a letter that `due` gave, and notes what became of it. Returns when it is to be tried again, if it is."""
    try:
        _hand_over(letter)
    except _Refused as refused:
        again = refused.again and letter.tries <= len(PAUSES)
        letter.state = LetterState.WAITING if again else LetterState.FAILED
        letter.trouble = str(refused)[:200]
        if again:
            letter.due = timezone.now() + PAUSES[letter.tries - 1]
    except (
        OSError
    ) as unknown:  # smtplib's errors are OSErrors, too: the line broke while it was being handed over
        letter.state = LetterState.UNSURE
        letter.trouble = str(unknown)[:200]
    except Exception as wrong:  # about this one letter: the others go on
        log.exception("letter.failed", letter=str(letter.pk))
        letter.state = LetterState.FAILED
        letter.trouble = type(wrong).__name__
    else:
        letter.state = LetterState.SENT
        letter.trouble = ""
    if letter.state == LetterState.SENT:
        letter.text = ""
    # Not saved as an object: whoever it was to may have been forgotten meanwhile.
    Letter.objects.filter(pk=letter.pk).update(
        state=letter.state, trouble=letter.trouble, due=letter.due, text=letter.text
    )
    return letter.due if letter.state == LetterState.WAITING else None


def _give_up_lost() -> None:
    """Those whose worker was killed while it handed them over."""
    lost = Letter.objects.filter(state=LetterState.UNDER_WAY, due__lt=timezone.now() - _LOST_AFTER)
    lost.update(state=LetterState.UNSURE)


def can_be_sent_again(letter: Letter) -> bool:
    """It failed, or perhaps arrived, and its text is still known."""
    return letter.state in (LetterState.FAILED, LetterState.UNSURE) and bool(letter.text)


def send_again(letter: Letter) -> None:
    """Because somebody has decided so."""
    letter.state, letter.tries, letter.due = LetterState.WAITING, 0, timezone.now()
    letter.save(update_fields=["state", "tries", "due"])


def forget_old() -> None:
    """The texts of letters whose links are of no use any more."""
    Letter.objects.filter(written__lt=timezone.now() - _TEXTS_KEPT).exclude(text="").update(text="")


def _hand_over(letter: Letter) -> None:
    """Raises _Refused, or OSError when it may have been taken."""
    connection = _open()
    try:
        _message(letter, connection).send()
    except smtplib.SMTPResponseException as e:
        raise _Refused(e.smtp_code, again=e.smtp_code < 500) from e
    except smtplib.SMTPRecipientsRefused as e:
        codes = [code for code, _ in e.recipients.values()]
        raise _Refused(codes[0], again=codes[0] < 500) from e
    except AnymailRecipientsRefused as e:
        raise _Refused("refused", again=False) from e
    except AnymailAPIError as e:
        if e.status_code is None and _never_left(e):
            raise _Refused("not reached", again=True) from e
        if e.status_code is None:
            raise ConnectionError("no answer") from e
        ours = e.status_code in _OURS_TO_MEND
        raise _Refused(e.status_code, again=ours or e.status_code >= 500) from e
    finally:
        connection.close()


def _open() -> BaseEmailBackend:
    """What is wrong here is wrong with the house, not with the letter."""
    try:
        connection = get_connection()
        connection.open()
    except OSError as e:
        raise _Refused(e.strerror or type(e).__name__, again=True) from e
    except (ImportError, ImproperlyConfigured) as e:
        log.exception("mail.misconfigured")
        raise _Refused(type(e).__name__, again=True) from e
    return connection


def _never_left(error: BaseException) -> bool:
    """No connection was made, so nothing can have arrived."""
    seen: BaseException | None = error
    while seen is not None:
        reasons = (seen, getattr(seen, "reason", None), *seen.args)
        if any(isinstance(one, NewConnectionError | ConnectTimeoutError) for one in reasons):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _message(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    headers = {
        "Message-ID": f"<{letter.pk}@{settings.AMPHITHEATRE.hosts[0]}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no answering machine answers it
        "Content-Language": letter.language,
    }
    return EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers, connection=connection)
