"""A record's text on a page, with an open word where it is not in the reader's language, or not up to date."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from amphitheatre.web.texts.models import Translated
from amphitheatre.web.texts.shown import Freshness, Shown, note, shown

register = template.Library()


@register.simple_tag
def text(record: Translated, field: str) -> SafeString:
    """The text, in an element that names its language where that is another one; then what there is to say of it."""
    return element(shown(record, field))


@register.filter
def element(found: Shown) -> SafeString:
    """As `text`, of one that was looked up already."""
    body = conditional_escape(found.text)
    if found.freshness is Freshness.FRESH:
        return body
    if found.freshness is Freshness.MISSING:
        body = format_html('<span lang="{}">{}</span>', found.tag, found.text)
    return format_html('{} <small class="text-note">({})</small>', body, note(found))


@register.filter
def plain(record: Translated, field: str) -> str:
    """The text alone, for a title or a label."""
    return shown(record, field).text
