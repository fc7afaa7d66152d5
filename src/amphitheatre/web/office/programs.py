"""Other programs that are told what happens here."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from amphitheatre.web.hooks.models import Event, Hook, Message
from amphitheatre.web.office.exports import Cell
from amphitheatre.web.office.forms import CodeForm
from amphitheatre.web.office.views import OfficeViewSet, moment, only_if


class HookForm(CodeForm):
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )


class HookViewSet(OfficeViewSet):
    model = Hook
    icon = "link-external"
    list_display: ClassVar = ["address", only_if("active", _("Active")), moment(Hook, "made")]
    list_filter: ClassVar = ["active"]
    list_export: ClassVar = [
        "address",
        Cell(_("Events"), lambda hook: [str(Event(event).label) for event in hook.events]),
        "active",
        "made",
    ]
    inspect_view_fields: ClassVar = ["address", "events", "active", "secret", "made"]
    edit_handler = ObjectList(
        [
            FieldPanel(
                "address", help_text=_("Messages to it are signed: look at the record for the secret.")
            ),
            FieldPanel("events"),
            FieldPanel("active"),
        ],
        base_form_class=HookForm,
    )


class MessageViewSet(OfficeViewSet):
    model = Message
    related = ("hook",)
    icon = "mail"
    list_display: ClassVar = ["event", "hook", "state", "tries", "trouble", moment(Message, "happened")]
    list_filter: ClassVar = ["state", "event", "hook"]
    inspect_view_fields: ClassVar = [
        "id",
        "hook",
        "event",
        "body",
        "state",
        "tries",
        "trouble",
        "happened",
        "due",
    ]
    edit_handler = ObjectList([FieldPanel("event")], base_form_class=CodeForm)


class ProgramsGroup(SnippetViewSetGroup):
    menu_label = _("Other programs")
    menu_icon = "link-external"
    menu_order = 140
    items = (HookViewSet, MessageViewSet)
