"""What the office calls a record, so that it can be told from the others.

`__str__` may reach a log, and so it names nobody; headings and what is said to those who work here do.
"""

from functools import singledispatch

from babel.dates import format_interval
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Affiliation, Institution, Membership
from amphitheatre.web.hooks.models import Message
from amphitheatre.web.mail.models import Letter
from amphitheatre.web.office.codes import in_words
from amphitheatre.web.programme.models import Course, Duty, Phase, Session, Step
from amphitheatre.web.registration.models import Capacity, Quota, Registration
from amphitheatre.web.texts.shown import shown
from amphitheatre.web.ui import times
from amphitheatre.web.ui.language import COMMA, current_tag
from amphitheatre.web.ui.languages import name_of


@singledispatch
def label(record: Model) -> str:
    """In the reader's language."""
    return str(record)


def named(person: User, reader: User) -> str:
    """Not blank of those who have not entered a name; an address only to whoever may look at people."""
    return _name(person) or (person.email if reader.has_perm("office.view_person") else _nameless())


def in_its_course(session: Session) -> str:
    """What tells it from the others of its course, beginning with the day."""
    with timezone.override(session.course.zone):
        at = times.zoned(session.starts)
    gone = _("Cancelled") if session.cancelled else ""
    return " · ".join(filter(None, [at, str(session), gone]))


@label.register
def _course(course: Course) -> str:
    ends = course.first_day, course.last_day
    return f"{course} · {format_interval(*ends, 'yMMMd', locale=times.LOCALES[current_tag()])}"


@label.register
def _session(session: Session) -> str:
    return f"{session.course} · {in_its_course(session)}"


@label.register
def _duty(duty: Duty) -> str:
    """For instance "Interpreter, Français · 王思远 · Sat 14 Nov, 16:20 Shanghai · Questions". Without an address: all
    who work here may look at the plan of shifts.
    """
    language = name_of(duty.language) if duty.language else ""
    part = COMMA[current_tag()].join(filter(None, [duty.get_part_display(), language]))
    return f"{part} · {_name(duty.person) or _nameless()} · {in_its_course(duty.session)}"


@label.register
def _phase(phase: Phase) -> str:
    return f"{phase.technique} › {phase}"


@label.register
def _step(step: Step) -> str:
    return f"{label(step.phase)} › {step}"


@label.register
def _person(person: User) -> str:
    """For instance "李明 (Li Ming) · li@example.org"."""
    name = _name(person)
    latin = f" ({person.latin_name})" if person.latin_name not in ("", name) else ""
    return f"{name}{latin} · {person.email}" if name else person.email


@label.register
def _institution(institution: Institution) -> str:
    """With its place: there is more than one central hospital."""
    return f"{institution} · {shown(institution, 'city').text} · {in_words(institution, 'country')}"


@label.register
def _membership(membership: Membership) -> str:
    return f"{membership.institution} · {membership.get_place_display()}"


@label.register
def _affiliation(affiliation: Affiliation) -> str:
    return f"{label(affiliation.person)} · {affiliation.institution}"


@label.register
def _registration(registration: Registration) -> str:
    return f"{label(registration.person)} · {registration.institution} · {registration.course}"


@label.register
def _capacity(capacity: Capacity) -> str:
    return f"{capacity.course} · {capacity.get_mode_display()}"


@label.register
def _quota(quota: Quota) -> str:
    return f"{quota.course} · {quota.institution}"


@label.register
def _letter(letter: Letter) -> str:
    return f"{letter.subject} · {letter.to}"


@label.register
def _message(message: Message) -> str:
    return f"{message.get_event_display()} · {message.hook}"


def _name(person: User) -> str:
    return person.name or person.latin_name


def _nameless() -> str:
    return _("without a name yet")
