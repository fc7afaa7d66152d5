"""The demo's course: the reference course with generated institutions and people."""

import json
import math
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole, Profession
from amphitheatre.web.alliance.models import Affiliation, Institution, Membership
from amphitheatre.web.programme.models import Case, Course, Duty, Part, Phase, Room, Session, Step, Technique
from amphitheatre.web.registration.domain.programme_news import nothing_to_tell
from amphitheatre.web.registration.models import Mode, Registration, State
from amphitheatre.web.studio.domain import on_air
from amphitheatre.web.studio.domain.demo_people import DemoPerson, people

_FOLDER: Final = Path(__file__).resolve().parent.parent / "demo"
_DOMAIN: Final = "doctors.example"
_HOUSE: Final = "amphitheatre.example"
# The demo's own coordinator and participant are at home in Bamako.
_HOME: Final = "bamako-niger-bank"
_ACCOUNTS: Final = [f"{role}@{_HOUSE}" for role in ("coordinator", "participant")]


def seed_course() -> None:
    """After the accounts. Nothing where the course is there already, whatever has been changed in it since."""
    plan = json.loads((_FOLDER / "course.json").read_text())
    if Course.objects.filter(slug=plan["course"]["slug"]).exists():
        return
    _move(plan)
    techniques = {entry["slug"]: _technique(entry) for entry in plan["techniques"]}
    rooms = {entry["slug"]: _room(entry) for entry in plan["rooms"]}
    course = Course.objects.create(published=timezone.now(), **_columns(Course, plan["course"]))
    for entry in plan["sessions"]:
        _session(course, entry, rooms, techniques)
    for entry in json.loads((_FOLDER / "institutions.json").read_text()):
        _institution(course, entry)
    _duties(course)
    nothing_to_tell(course)


def _move(plan: dict[str, Any]) -> None:
    """By whole weeks, until the course is to come: of one that is over nobody sees how it is prepared."""
    first = date.fromisoformat(plan["course"]["first_day"])
    soonest = timezone.localdate(timezone=ZoneInfo(plan["course"]["time_zone"])) + timedelta(days=2)
    later = timedelta(weeks=max(0, math.ceil((soonest - first).days / 7)))
    for entry, name in [
        (plan["course"], "first_day"),
        (plan["course"], "last_day"),
        *((entry, "day") for entry in plan["sessions"]),
    ]:
        entry[name] = date.fromisoformat(entry[name]) + later


def _room(entry: dict[str, Any]) -> Room:
    hours = {name: time.fromisoformat(entry[name]) for name in ("opens", "closes") if name in entry}
    room = Room.objects.create(**_columns(Room, entry) | hours)
    on_air.follow(room.slug)  # an older demo may be on air already
    return room


def _technique(entry: dict[str, Any]) -> Technique:
    technique = Technique.objects.create(**_columns(Technique, entry, without=("phases",)))
    for place, phase in enumerate(entry["phases"], 1):
        made = Phase.objects.create(technique=technique, position=place, **_texts("title", phase["title"]))
        for position, step in enumerate(phase["steps"], 1):
            Step.objects.create(phase=made, position=position, **_texts("title", step))
    return technique


def _session(
    course: Course, entry: dict[str, Any], rooms: dict[str, Room], techniques: dict[str, Technique]
) -> None:
    begins, ends = time.fromisoformat(entry["start"]), time.fromisoformat(entry["end"])
    length = datetime.combine(date.min, ends) - datetime.combine(date.min, begins)
    session = Session.objects.create(
        course=course,
        room=rooms[entry["room"]],
        technique=techniques.get(entry.get("technique", "")),
        kind=entry["kind"],
        day=entry["day"],
        begins=begins,
        minutes=length.total_seconds() // 60,
        floor=entry["floor"],
        interpreted=entry["interpreted"],
        audience=entry.get("audience", ""),
        **_texts("title", entry["title"]),
    )
    for position, case in enumerate(entry.get("cases", []), 1):
        technique = techniques[case["technique"]]
        Case.objects.create(
            session=session, technique=technique, position=position, **_texts("title", case["title"])
        )


def _duties(course: Course) -> None:
    """Everybody has their part; of one operation the patient's consent is not recorded yet."""
    speaker, moderator = (
        _named(f"{part}@{_HOUSE}", person)
        for part, person in zip(("speaker", "moderator"), people("CN", "house"), strict=False)
    )
    interpreters = {
        tag: _interpreter(tag, person)
        for tag, person in zip(("en", "fr"), people("CN", "booth"), strict=False)
    }
    sessions = list(course.sessions.all())
    for session in sessions:
        session.course = course
        parts = [(Part.SPEAKER, speaker, ""), (Part.MODERATOR, moderator, "")]
        parts += [(Part.INTERPRETER, interpreters[tag], tag) for tag in session.interpreted]
        Duty.objects.bulk_create(
            Duty(session=session, person=person, part=part, language=tag)
            for part, person, tag in parts
            if person
        )
    *consenting, _last = Case.objects.filter(session__course=course).order_by("session__day", "position")
    for case in consenting:
        case.consent = timezone.now()
        case.save(update_fields=["consent"])


def _named(address: str, person: DemoPerson) -> User | None:
    """The demo's account, as somebody who may be named in public."""
    user = User.objects.filter(email=address).first()
    if user is not None:
        user.name, user.latin_name, user.named = person.name, person.latin_name, True
        user.save()
    return user


def _interpreter(tag: str, person: DemoPerson) -> User:
    address = f"interpreter@{_HOUSE}" if tag == "en" else f"interpreter.{tag}@{_HOUSE}"
    if not User.objects.filter(email=address).exists():
        User.objects.create_user(address, role=AccountRole.INTERPRETER)
    User.objects.filter(email=address).update(name=person.name, latin_name=person.latin_name)
    return User.objects.get(email=address)


def _institution(course: Course, entry: dict[str, Any]) -> None:
    latitude, longitude = entry["at"]
    without = ("at", "place", "joined", "people")
    institution = Institution.objects.create(
        latitude=latitude, longitude=longitude, **_columns(Institution, entry, without=without)
    )
    Membership.objects.create(
        institution=institution, place=entry["place"], joined=date.fromisoformat(entry["joined"])
    )
    mode = Mode.ON_SITE if institution.text("city", "en") == course.text("city", "en") else Mode.ONLINE
    found = islice(people(institution.country, institution.slug), entry["people"])
    for number, person in enumerate(found, 1):
        user = _doctor(institution, number, person)
        Affiliation.objects.create(person=user, institution=institution, coordinator=number == 1)
        Registration.objects.create(
            course=course, person=user, institution=institution, state=State.CONFIRMED, mode=mode
        )


def _doctor(institution: Institution, number: int, person: DemoPerson) -> User:
    """An account of the demo where one belongs there, else one that nobody can sign in with."""
    address = f"doctor{number}.{institution.slug}@{_DOMAIN}"
    if institution.slug == _HOME and number <= len(_ACCOUNTS):
        address = _ACCOUNTS[number - 1]
    user = User.objects.filter(email=address).first() or User(email=address)
    facts = person._asdict() | {
        "profession": Profession.DOCTOR,
        "country": institution.country,
        "time_zone": institution.time_zone,
        "preferred_language": person.languages[0],
    }
    for name, value in facts.items():
        setattr(user, name, value)
    if user.pk is None:
        user.set_unusable_password()
    user.save()
    return user


def _columns(model: Any, entry: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in entry.items():
        if name in model.texts:
            columns |= _texts(name, value)
        elif name not in without:
            columns[name] = value
    return columns


def _texts(field: str, by_tag: dict[str, str]) -> dict[str, str]:
    """A text's columns; modeltranslation names them in lower case."""
    return {f"{field}_{tag.lower().replace('-', '_')}": text for tag, text in by_tag.items()}
