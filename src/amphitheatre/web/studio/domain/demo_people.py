"""Generated people for the demo's course: nobody real, the same ones at every start."""

import random
from collections.abc import Iterator
from typing import Final, NamedTuple

Written = tuple[str, str]  # in the own script, in Latin letters


class DemoPerson(NamedTuple):
    """languages: BCP 47 tags."""

    name: str
    latin_name: str
    speciality: str
    languages: list[str]


# As each would write it; a person's own words are not translated.
_SPECIALITIES: Final = {
    "en": ["General surgery", "Hepatobiliary surgery", "Oncology", "Anaesthesia", "Gastroenterology"],
    "fr": ["Chirurgie générale", "Chirurgie hépatobiliaire", "Oncologie", "Anesthésie", "Gastro-entérologie"],
    "zh-Hans": ["普通外科", "肝胆外科", "肿瘤科", "麻醉科", "消化内科"],
}
_CHINESE: Final = (
    "王 Wang|李 Li|张 Zhang|刘 Liu|陈 Chen|杨 Yang|赵 Zhao|黄 Huang|周 Zhou|吴 Wu|徐 Xu|孙 Sun",
    "雨桐 Yutong|思远 Siyuan|静怡 Jingyi|浩然 Haoran|文博 Wenbo|晓岚 Xiaolan|建国 Jianguo|明哲 Mingzhe|佳宁 Jianing",
)
_URDU: Final = (
    "احمد Ahmed|فاطمہ Fatima|عمر Umar|عائشہ Ayesha|بلال Bilal|صبا Saba|حسن Hassan|نور Noor",
    "خان Khan|ملک Malik|شیخ Sheikh|قریشی Qureshi|بٹ Butt|رضا Raza",
)
_SERBIAN: Final = (
    "Милош Miloš|Јелена Jelena|Никола Nikola|Ана Ana|Марко Marko|Ивана Ivana|Стефан Stefan",
    "Јовановић Jovanović|Петровић Petrović|Николић Nikolić|Илић Ilić|Ђорђевић Đorđević",
)
_LATIN: Final = {
    "ID": ("Budi|Siti|Agus|Dewi|Rizky|Putri|Hendra", "Santoso|Wijaya|Kusuma|Lestari|Nugroho|Siregar"),
    "ML": (
        "Aminata|Moussa|Fatoumata|Ibrahim|Mariam|Seydou|Oumou|Boubacar|Kadiatou|Modibo",
        "Traoré|Coulibaly|Diarra|Keïta|Koné|Dembélé|Sissoko|Sangaré",
    ),
    "TZ": ("Juma|Neema|Baraka|Asha|Emmanuel|Rehema|Godfrey", "Mushi|Mwakyusa|Kimaro|Massawe|Ngowi|Shayo"),
    "BR": (
        "João|Ana Clara|Pedro|Beatriz|Rafael|Luísa|Thiago",
        "Almeida|Barbosa|Cardoso|Nogueira|Ribeiro|Teixeira",
    ),
    "FJ": ("Josefa|Mereani|Sanjay|Litia", "Tuivaga|Vakatawa|Prasad|Rokotui"),
}
_SPOKEN: Final = {
    "CN": ["zh-Hans", "en"], "PK": ["en"], "ID": ["en"], "ML": ["fr"],
    "TZ": ["en"], "RS": ["en"], "BR": ["en"], "FJ": ["en"],
}  # fmt: skip


def people(country: str, seed: str) -> Iterator[DemoPerson]:
    """Without repeating itself, until all names are used. country: ISO 3166-1; seed: an institution's name."""
    chance = random.Random(f"{country} {seed}")  # noqa: S311  names, not secrets
    first, last = _names(country)
    pairs = [(one, other) for one in first for other in last]
    chance.shuffle(pairs)
    spoken = _SPOKEN[country]
    for given, family in pairs:
        own, latin = f"{given[0]} {family[0]}", f"{given[1]} {family[1]}"
        if country == "CN":  # the family's name comes first
            own, latin = f"{family[0]}{given[0]}", f"{family[1]} {given[1]}"
        yield DemoPerson(own, latin, chance.choice(_SPECIALITIES[spoken[0]]), spoken)


def _names(country: str) -> tuple[list[Written], list[Written]]:
    """Given names and family names."""
    if country == "CN":
        family, given = map(_both, _CHINESE)
        return given, family
    if country in _LATIN:
        first, last = _LATIN[country]
        return [(name, name) for name in first.split("|")], [(name, name) for name in last.split("|")]
    first, last = _URDU if country == "PK" else _SERBIAN
    return _both(first), _both(last)


def _both(listed: str) -> list[Written]:
    return [(own, latin) for own, _, latin in (entry.partition(" ") for entry in listed.split("|"))]
