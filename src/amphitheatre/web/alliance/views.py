"""The alliance's public page."""

from babel import Locale
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from amphitheatre.web.alliance.continents import Continent
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.alliance.queries import members
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.times import LOCALES


def alliance(request: HttpRequest) -> HttpResponse:
    """Open to everybody: the members of today by continent, and where they are."""
    found = list(members(timezone.localdate()))
    by_continent = [
        (
            continent.label,
            [
                _member(one.institution, one.get_place_display())
                for one in found
                if one.institution.continent == continent
            ],
        )
        for continent in Continent
    ]
    context = {
        "map": [_dot(one.institution) for one in found if _on_map(one.institution)],
        "continents": [(label, listed) for label, listed in by_continent if listed],
        "figures": {
            "institutions": len(found),
            "countries": len({one.institution.country for one in found}),
            "continents": len({one.institution.continent for one in found}),
        },
    }
    return render(request, "alliance/alliance.html", context)


def _on_map(institution: Institution) -> bool:
    return institution.latitude is not None and institution.longitude is not None


def _dot(institution: Institution) -> dict[str, object]:
    """Its place on the map of front/world_map.ts, in degrees."""
    return {"institution": institution, "x": institution.longitude + 180, "y": 90 - institution.latitude}


def _member(institution: Institution, place: str) -> dict[str, object]:
    return {"institution": institution, "place": place, "country": country_name(institution.country)}


def country_name(code: str) -> str:
    """In the reader's language, after the CLDR. code: ISO 3166-1."""
    return str(Locale.parse(LOCALES[current_tag()]).territories.get(code, code))
