"""Tags of room pages."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def page_config(config: dict[str, object]) -> SafeString:
    """The island's configuration as a data block: data, not a script, so the policy needs no exception."""
    return json_script(config, "page-config")
