"""What a programme says over and over."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from amphitheatre.web.programme.models import Session
from amphitheatre.web.ui.language import current_tag
from amphitheatre.web.ui.languages import name_of

register = template.Library()


@register.filter
def languages(session: Session) -> SafeString:
    """The floor's language, and those that it is interpreted into."""
    return _languages(session.floor, tuple(session.interpreted), current_tag())


@lru_cache(maxsize=256)
def _languages(floor: str, interpreted: tuple[str, ...], _read_in: str) -> SafeString:
    names = [name_of(tag) for tag in interpreted]
    shown = {"floor": floor, "floor_name": name_of(floor), "interpreted": names}
    return render_to_string("programme/languages.html", shown)
