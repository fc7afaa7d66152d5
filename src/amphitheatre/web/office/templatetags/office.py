"""Wagtail's page frame, without what no page of the office uses."""

import re
from typing import Any, Final

from django import template
from django.apps import apps
from django.template.defaultfilters import stringfilter
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.widgets.button import ListingButton

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


@register.inclusion_tag("wagtailadmin/shared/buttons.html", takes_context=True)
def possible_actions(context: dict[str, Any], app_label: str, model_name: str) -> dict[str, Any]:
    """What the reader may do with several records of a list; Wagtail offers everything to everybody."""
    model, may = apps.get_model(app_label, model_name), context["request"].user.has_perm
    actions = bulk_action_registry.get_bulk_actions_for_model(app_label, model_name)
    buttons = [
        ListingButton(
            action.display_name,
            reverse("wagtail_bulk_action", args=[app_label, model_name, action.action_type]),
            attrs={"aria-label": action.aria_label, "data-bulk-action-button": ""},
            classname=" ".join({*action.classes, "bulk-action-btn"}),
        )
        for action in sorted(actions, key=lambda action: action.action_priority)
        if may(action.asks_for(model))
    ]
    return {"buttons": buttons}
