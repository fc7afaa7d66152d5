"""What stands in a spreadsheet of doctors: who they are, and what is wrong with which row."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from amphitheatre.web.accounts.roles import Profession
from amphitheatre.web.registration.domain.sheet import FORMULA
from amphitheatre.web.registration.models import Mode

# As people head their columns in the three languages, compared without case, accents and punctuation.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "full name", "nom", "nom et prénom", "nom complet", "姓名"),
    "latin_name": (
        "name in latin letters",
        "latin name",
        "nom en lettres latines",
        "姓名（拉丁字母）",
        "拼音",
        "姓名拼音",
        "英文名",
    ),
    "email": (
        "e-mail",
        "email",
        "e-mail address",
        "courriel",
        "adresse e-mail",
        "adresse électronique",
        "mail",
        "邮箱",
        "电子邮件地址",
        "电子邮箱",
        "电子邮件",
    ),
    "profession": ("profession", "职业"),
    "speciality": ("speciality", "specialty", "spécialité", "专业", "科室"),
    "licence_number": (
        "licence",
        "licence number",
        "license",
        "numéro d'ordre",
        "numéro de licence",
        "执业证号",
        "执照号",
    ),
    "languages": ("languages", "langues", "语言"),
    "mode": ("takes part", "participe", "participation", "参加方式"),
}
_PROFESSIONS: Final = {
    Profession.DOCTOR: (
        "doctor",
        "physician",
        "surgeon",
        "médecin",
        "chirurgien",
        "chirurgienne",
        "docteur",
        "医生",
        "医师",
    ),
    Profession.NURSE: ("nurse", "infirmier", "infirmière", "infirmier ou infirmière", "护士"),
    Profession.STUDENT: (
        "student",
        "medical student",
        "étudiant",
        "étudiante",
        "étudiant en médecine",
        "étudiant ou étudiante en médecine",
        "医学生",
    ),
    Profession.TECHNICIAN: (
        "technician",
        "medical technician",
        "technicien",
        "technicienne",
        "technicien ou technicienne",
        "技师",
    ),
    Profession.OTHER: ("other", "autre", "其他"),
}
_MODES: Final = {
    Mode.ONLINE: ("online", "en ligne", "线上"),
    Mode.ON_SITE: ("on site", "on-site", "sur place", "现场", "线下"),
}
LANGUAGES: Final = {
    "zh-Hans": (
        "zh",
        "zh-cn",
        "chinese",
        "mandarin",
        "chinois",
        "中文",
        "汉语",
        "普通话",
        "国语",
        "简体中文",
    ),
    "en": ("english", "anglais", "英语", "英文"),
    "fr": ("french", "français", "法语", "法文"),
}
_BETWEEN: Final = re.compile(r"[\s,;/、，；和&+()（）]+")
_LONGEST: Final = {"name": 150, "latin_name": 150, "email": 254, "speciality": 100, "licence_number": 64}


@dataclass(frozen=True)
class Candidate:
    """One doctor of the sheet. row: as the spreadsheet counts, the headings being row 1. languages: BCP 47 tags."""

    row: int
    email: str
    name: str
    latin_name: str
    profession: str
    speciality: str
    licence_number: str
    languages: list[str]
    mode: str

    @property
    def profession_label(self) -> str:
        return str(Profession(self.profession).label)

    @property
    def mode_label(self) -> str:
        return str(Mode(self.mode).label)


@dataclass(frozen=True)
class RowFault:
    """text: in the reader's language."""

    row: int
    text: str


@dataclass(frozen=True)
class Roster:
    candidates: list[Candidate]
    faults: list[RowFault]


def roster(sheet: list[list[str]]) -> Roster:
    """sheet: its rows, the headings first."""
    headings, faults = _headings(sheet[0])
    if faults:
        return Roster([], faults)
    candidates: list[Candidate] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(sheet[1:], 2):
        if not any(cells):
            continue
        values = {name: _cell(cells, place) for name, place in headings.items()}
        wrong = [RowFault(number, text) for text in _wrong(values)]
        email = values["email"].lower()
        if email in seen:
            wrong.append(
                RowFault(number, _("The same e-mail address stands in row %(row)d.") % {"row": seen[email]})
            )
        seen.setdefault(email, number)
        faults += wrong
        if not wrong:
            candidates.append(_candidate(number, values))
    if not candidates and not faults:
        faults.append(RowFault(2, _("There is nobody below the headings.")))
    return Roster(candidates, faults)


def as_sheet(people: Iterable[Mapping[str, str]]) -> list[list[str]]:
    """As if they had come as a spreadsheet, so that the same rules hold. Each has values by the names in HEADINGS."""
    return [
        [words[0] for words in HEADINGS.values()],
        *([one.get(name, "") for name in HEADINGS] for one in people),
    ]


def _headings(cells: list[str]) -> tuple[dict[str, int], list[RowFault]]:
    """Which column is where, and what is missing."""
    known = {_plain(word): name for name, words in HEADINGS.items() for word in words}
    found: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(cells):
        name = known.get(_plain(cell))
        if name in found:
            faults.append(RowFault(1, _("Two columns are headed “%(heading)s”.") % {"heading": cell}))
        elif name is not None:
            found[name] = place
    for name, word in (("name", _("Name")), ("email", _("E-mail address")), ("profession", _("Profession"))):
        if name not in found:
            faults.append(RowFault(1, _("There is no column headed “%(heading)s”.") % {"heading": word}))
    return found, faults


def _wrong(values: dict[str, str]) -> Iterable[str]:
    if not values["name"]:
        yield _("The name is missing.")
    for name, value in values.items():
        if name != "email" and value.startswith(FORMULA):
            yield _("“%(value)s” looks like a formula.") % {"value": value[:40]}
        if any(unicodedata.category(letter) in ("Cc", "Co", "Cn") for letter in value):
            yield _("“%(value)s” contains characters that can't be shown.") % {"value": _shown(value)}
        if len(value) > _LONGEST.get(name, 200):
            yield _("“%(value)s…” is too long.") % {"value": value[:40]}
    try:
        validate_email(values["email"])
    except ValidationError:
        yield _("“%(value)s” is no e-mail address.") % {"value": values["email"][:60]}
    if _named(values["profession"], _PROFESSIONS) is None:
        yield _(
            "“%(value)s” is no profession that is known here: doctor, nurse, medical student, medical technician."
        ) % {"value": values["profession"][:40]}
    if values.get("mode") and _named(values["mode"], _MODES) is None:
        yield _("“%(value)s” should be “online” or “on site”.") % {"value": values["mode"][:40]}
    if values.get("languages") and not _spoken(values["languages"]):
        words = _(
            "“%(value)s”: letters and pages are in Chinese, English and French. Name one of them, or none."
        )
        yield words % {"value": values["languages"][:40]}


def _candidate(row: int, values: dict[str, str]) -> Candidate:
    return Candidate(
        row=row,
        email=values["email"].lower(),
        name=unicodedata.normalize("NFC", values["name"]),
        latin_name=unicodedata.normalize("NFC", values.get("latin_name", "")),
        profession=_named(values["profession"], _PROFESSIONS) or Profession.OTHER,
        speciality=values.get("speciality", ""),
        licence_number=values.get("licence_number", ""),
        languages=_spoken(values.get("languages", "")),
        mode=_named(values.get("mode", ""), _MODES) or Mode.ONLINE,
    )


def _spoken(cell: str) -> list[str]:
    """Those that are known here, as they stand: letters are written in the first one."""
    words = [word for word in _BETWEEN.split(cell.casefold()) if word]
    found = (_named(word, LANGUAGES) or _named(word.partition("-")[0], LANGUAGES) for word in words)
    return list(dict.fromkeys(tag for tag in found if tag))


def _named(word: str, meanings: dict[str, tuple[str, ...]]) -> str | None:
    plain = _plain(word)
    return next(
        (str(meaning) for meaning, words in meanings.items() if plain in set(map(_plain, (meaning, *words)))),
        None,
    )


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _plain(word: str) -> str:
    """Without case, accents and what is no letter."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


def _shown(value: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in value[:40])
