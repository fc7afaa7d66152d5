"""The programme on paper: a PDF (tagged, PDF/UA-1) in the reader's language, set by Typst.

Noto Sans CJK is embedded, so it reads the same where no Chinese font is installed.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, Final

import noto_cjk_sans_otc
import structlog
import typst
from babel.dates import format_interval
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.programme.models import Course, Kind
from amphitheatre.web.programme.timetable import Day, Line
from amphitheatre.web.texts.models import Translated
from amphitheatre.web.texts.shown import Freshness, Shown, note, shown
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import COLON, COMMA, current_tag

TEMPLATE: Final = Path(__file__).parent / "print" / "programme.typ"
FONTS: Final = Path(noto_cjk_sans_otc.__file__).parent
_KEPT: Final = 3600  # seconds
Said = dict[str, str]  # text, lang (its language), note (what there is to say of it)
_press = Lock()  # one at a time: whoever asks for the same one meanwhile gets it without a second run
_queue = BoundedSemaphore(3)  # more would hold the threads that other pages need
log = structlog.get_logger(__name__)


class BusyError(Exception):
    """So many are being set that this one would wait too long."""


def programme_pdf(course: Course, days: Iterable[Day], address: str) -> bytes:
    """address: of the course's page, printed at the foot; the file holds what that page shows to everybody.

    Raises BusyError.
    """
    tag = current_tag()
    language, _between, script = tag.partition("-")
    today = times.day(timezone.now())
    content = {
        "lang": language,
        "region": "CN" if script else None,
        "title": shown(course, "title").text,
        "course": _text(course, "title"),
        "summary": _text(course, "summary"),
        "facts": [fact for fact in (_text(course, "city"), _plain(_days(course))) if fact["text"]],
        "made": _("As of %(day)s; what changes stands at %(address)s") % {"day": today, "address": address},
        "days": [{"title": day.title, "sessions": [_session(line) for line in day.lines]} for day in days],
    }
    return _printed(json.dumps(content, ensure_ascii=False, sort_keys=True))


def _printed(content: str) -> bytes:
    """From the cache, or set now. content: what the template is told, JSON."""
    key = f"programme-pdf:{sha256(content.encode()).hexdigest()}"
    if found := cache.get(key):
        return bytes(found)
    if not _queue.acquire(blocking=False):
        raise BusyError
    try:
        with _press:
            found = cache.get(key) or _set(content)
            cache.set(key, found, _KEPT)
            return bytes(found)
    finally:
        _queue.release()


def _set(content: str) -> bytes:
    """Accessible (PDF/UA-1) where every letter has a glyph; a script that no font here knows costs that alone."""
    try:
        return _compiler().compile(format="pdf", sys_inputs={"programme": content}, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        log.warning("programme.pdf-not-ua", error=str(error)[:200])
        return _compiler().compile(format="pdf", sys_inputs={"programme": content})


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Reads the fonts once; those of the system stand in for scripts that ours lack."""
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=[FONTS])


def _days(course: Course) -> str:
    """For instance "9–14 November 2026"."""
    return format_interval(
        course.first_day, course.last_day, skeleton="yMMMMd", locale=times.LOCALES[current_tag()]
    )


def _session(line: Line) -> dict[str, Any]:
    session, first = line.session, line.first
    return {
        "time": first.lasts,
        "place": f"{first.day}, {first.place}" if line.elsewhere else first.place,
        "host": f"{line.host.lasts} {line.host.place}" if line.own else "",
        "kind": line.kind,
        "live": session.kind == Kind.LIVE_OPERATION,
        "title": _said(line.title),
        "cancelled": session.cancelled,
        "audience": line.audience,
        "lines": list(_lines(line)),
        "languages": [line.floor, *(f"→ {name}" for name in line.interpreted)],
    }


def _lines(line: Line) -> Iterable[list[Said]]:
    tag = current_tag()
    if line.session.cancelled:
        yield [_plain(_("Cancelled"))]
    if line.room:
        yield [_said(line.room)]
    for case in line.session.known_cases:
        title = _text(case, "title") if case.consent else _plain(_("to be named"))
        yield [_plain(_("Case") + f" {case.position}{COLON[tag]}"), title]
    for part, people in line.people.items():
        yield [_plain(part + COLON[tag] + COMMA[tag].join(person.both_names for person in people))]


def _text(record: Translated, field: str) -> Said:
    return _said(shown(record, field))


def _plain(text: str) -> Said:
    """In the reader's language."""
    return _said(Shown(text, current_tag(), Freshness.FRESH))


def _said(found: Shown) -> Said:
    return {"text": found.text, "lang": found.tag.partition("-")[0], "note": note(found)}
