"""The library of techniques."""

from typing import ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from amphitheatre.web.office.filters import TextsFilters
from amphitheatre.web.office.forms import CHOICE, PlacedForm, TextsForm
from amphitheatre.web.office.labels import label
from amphitheatre.web.office.views import OfficeViewSet, texts
from amphitheatre.web.programme.models import Phase, Step, Technique

_TITLES = ("title_en", "title_fr", "title_zh_hans")


class TechniqueFilters(TextsFilters):
    """No field of it is worth a filter of its own."""

    class Meta:
        model = Technique
        fields: ClassVar = []


class TechniqueViewSet(OfficeViewSet):
    model = Technique
    icon = "list-ul"
    list_display: ClassVar = ["title", "slug"]
    filterset_class = TechniqueFilters
    list_export: ClassVar = ["slug", *_TITLES, "summary_en", "summary_fr", "summary_zh_hans"]
    search_fields: ClassVar = ["slug", "title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("slug"), FieldPanel("original")]), *texts(Technique, "title", "summary")],
        base_form_class=TextsForm,
    )


class PhaseViewSet(OfficeViewSet):
    model = Phase
    related = ("technique",)
    icon = "list-ol"
    list_display: ClassVar = ["title", "technique", "position"]
    list_filter: ClassVar = ["technique"]
    list_export: ClassVar = ["technique", "position", *_TITLES]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("technique", widget=CHOICE), FieldPanel("position"), FieldPanel("original")]
            ),
            *texts(Phase, "title"),
        ],
        base_form_class=PlacedForm,
    )


class StepViewSet(OfficeViewSet):
    model = Step
    related = ("phase__technique",)
    icon = "list-ol"
    list_display: ClassVar = [
        "title",
        Column(
            "phase",
            label=capfirst(Phase._meta.verbose_name),
            accessor=lambda step: label(step.phase),
            sort_key="phase",
        ),
        "position",
    ]
    list_filter: ClassVar = ["phase__technique"]
    list_export: ClassVar = ["phase.technique", "phase", "position", *_TITLES]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("phase", widget=CHOICE), FieldPanel("position"), FieldPanel("original")]
            ),
            *texts(Step, "title"),
        ],
        base_form_class=PlacedForm,
    )


class TechniqueGroup(SnippetViewSetGroup):
    menu_label = _("Techniques")
    menu_icon = "list-ul"
    menu_order = 110
    items = (TechniqueViewSet, PhaseViewSet, StepViewSet)
