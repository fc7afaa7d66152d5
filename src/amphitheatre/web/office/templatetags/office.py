"""Wagtail's page frame, without what no page of the office uses."""

import re
from typing import Final

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# Tags, choosers, the privacy of pages, fields for days (ours are the browser's): a fifth of what a first visit loads.
_UNUSED: Final = (
    r"vendor/jquery-ui-[\d.]+\.min",
    r"vendor/jquery\.datetimepicker",
    r"date-time-chooser",
    r"vendor/tag-it",
    r"vendor/bootstrap-(?:modal|transition)",
    r"modal-workflow",
    r"privacy-switch",
)
_SCRIPTS: Final = re.compile(
    rf'<script src="[^"]*/wagtailadmin/js/(?:{"|".join(_UNUSED)})\.js[^"]*"></script>\s*'
)


@register.filter
@stringfilter
def without_unused(scripts: str) -> SafeString:
    """scripts: Wagtail's own script elements."""
    return mark_safe(_SCRIPTS.sub("", scripts))  # noqa: S308 - elements are left out of Wagtail's own
