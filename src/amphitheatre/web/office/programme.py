"""Courses, their sessions and rooms; the library of techniques."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSetGroup

from amphitheatre.web.office.forms import CHOICE, DAY, TIME, CodeForm, DutyForm, SessionForm, TextsForm
from amphitheatre.web.office.views import Moment, OfficeViewSet, moment, only_if, texts
from amphitheatre.web.programme.models import (
    Case,
    Course,
    Duty,
    Material,
    Phase,
    Room,
    Session,
    Step,
    Technique,
)
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.registration.models import Capacity, Quota

_ANONYMOUS = _("Nothing by which a patient could be recognised: no name, no date of birth, no number.")


class CourseViewSet(OfficeViewSet):
    model = Course
    icon = "calendar-alt"
    list_display: ClassVar = ["title", "first_day", "last_day", "time_zone", moment(Course, "published")]
    list_filter: ClassVar = ["time_zone"]
    list_export: ClassVar = [
        "slug",
        "title_en",
        "title_fr",
        "title_zh_hans",
        "first_day",
        "last_day",
        "time_zone",
    ]
    search_fields: ClassVar = ["slug", "title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("slug"), FieldPanel("original")]),
            *texts(Course, "title", "summary", "city"),
            FieldRowPanel(
                [
                    FieldPanel("first_day", widget=DAY),
                    FieldPanel("last_day", widget=DAY),
                    FieldPanel("time_zone"),
                ]
            ),
        ],
        base_form_class=TextsForm,
    )


class _TellsWhatItLacks:
    """After a session is saved: a clash is mended best by whoever has just made it."""

    request: HttpRequest
    object: Session

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # Wagtail's view beside it
        lacks = {one.pk: texts for one, texts in missing_in(self.object.course)}.get(self.object.pk)
        if lacks and answer.status_code == 302:
            ready = reverse("course-ready", args=[self.object.course.slug])
            words = _("Before it may go live:"), " ".join(lacks), ready, _("All sessions")
            messages.warning(self.request, format_html('{} {} <a href="{}">{}</a>', *words))
        return answer


class SessionAdd(_TellsWhatItLacks, CreateView):
    pass


class SessionEdit(_TellsWhatItLacks, EditView):
    pass


class SessionViewSet(OfficeViewSet):
    model = Session
    add_view_class = SessionAdd
    edit_view_class = SessionEdit
    related = (
        "course",
        "room",
    )
    icon = "time"
    list_display: ClassVar = [
        "title",
        "course",
        Moment("starts", label=_("Begins"), sort_key="day", zone=lambda session: session.course.zone),
        "minutes",
        "room",
        "kind",
        only_if("cancelled", _("Cancelled")),
    ]
    list_filter: ClassVar = ["course", "day", "kind", "room", "cancelled"]
    list_export: ClassVar = [
        "course",
        "day",
        "begins",
        "minutes",
        "kind",
        "title_en",
        "title_fr",
        "title_zh_hans",
        "room",
        "floor",
    ]
    search_fields: ClassVar = ["title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("course", widget=CHOICE), FieldPanel("kind"), FieldPanel("room", widget=CHOICE)]
            ),
            FieldRowPanel(
                [FieldPanel("day", widget=DAY), FieldPanel("begins", widget=TIME), FieldPanel("minutes")],
                help_text=_("Day and time by the clock at the course’s place."),
            ),
            FieldPanel(
                "again", help_text=_("Only in the hour in which clocks are set back: the later of both.")
            ),
            FieldPanel("original"),
            *texts(Session, "title", "summary"),
            FieldRowPanel([FieldPanel("floor"), FieldPanel("interpreted")]),
            FieldRowPanel([FieldPanel("audience"), FieldPanel("technique", widget=CHOICE)]),
            FieldPanel("cancelled"),
        ],
        base_form_class=SessionForm,
    )


class CaseViewSet(OfficeViewSet):
    model = Case
    related = ("session", "technique")
    icon = "plus"
    list_display: ClassVar = ["title", "session", "technique", moment(Case, "consent")]
    list_filter: ClassVar = ["session__course", "technique"]
    search_fields: ClassVar = ["title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("session", widget=CHOICE), FieldPanel("position")]),
            FieldRowPanel([FieldPanel("technique", widget=CHOICE), FieldPanel("original")]),
            *texts(Case, "title", "summary", advice=_ANONYMOUS),
        ],
        base_form_class=TextsForm,
    )


class MaterialViewSet(OfficeViewSet):
    """Brought and fetched on the page of its session, which knows who may."""

    model = Material
    related = ("session", "by")
    icon = "doc-full"
    list_display: ClassVar = ["title", "session", "audience", "size", moment(Material, "brought")]
    list_filter: ClassVar = ["session__course", "audience"]
    search_fields: ClassVar = ["title"]
    inspect_view_fields: ClassVar = ["title", "session", "audience", "size", "brought"]
    edit_handler = ObjectList([FieldPanel("title")], base_form_class=CodeForm)


class DutyViewSet(OfficeViewSet):
    model = Duty
    related = (
        "person",
        "session__course",
    )
    icon = "user"
    list_display: ClassVar = ["person__name", "part", "language", "session", "first", "last"]
    list_filter: ClassVar = ["session__course", "part", "language"]
    search_fields: ClassVar = ["person__name", "person__latin_name", "person__email"]
    edit_handler = ObjectList(
        [
            FieldPanel("session", widget=CHOICE),
            FieldRowPanel([FieldPanel("person"), FieldPanel("part")]),
            FieldRowPanel([FieldPanel("language"), FieldPanel("first"), FieldPanel("last")]),
        ],
        base_form_class=DutyForm,
    )


class RoomViewSet(OfficeViewSet):
    model = Room
    icon = "home"
    list_display: ClassVar = ["title", "slug", only_if("theatre", _("Operating theatre")), "opens", "closes"]
    list_filter: ClassVar = ["theatre"]
    search_fields: ClassVar = ["slug", "title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("slug"), FieldPanel("original")]),
            *texts(Room, "title"),
            FieldRowPanel(
                [FieldPanel("theatre"), FieldPanel("opens", widget=TIME), FieldPanel("closes", widget=TIME)]
            ),
        ],
        base_form_class=TextsForm,
    )


class TechniqueViewSet(OfficeViewSet):
    model = Technique
    icon = "list-ul"
    list_display: ClassVar = ["title", "slug"]
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
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("technique", widget=CHOICE), FieldPanel("position"), FieldPanel("original")]
            ),
            *texts(Phase, "title"),
        ],
        base_form_class=TextsForm,
    )


class StepViewSet(OfficeViewSet):
    model = Step
    related = ("phase",)
    icon = "list-ol"
    list_display: ClassVar = ["title", "phase", "position"]
    list_filter: ClassVar = ["phase__technique"]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("phase", widget=CHOICE), FieldPanel("position"), FieldPanel("original")]
            ),
            *texts(Step, "title"),
        ],
        base_form_class=TextsForm,
    )


class CapacityViewSet(OfficeViewSet):
    model = Capacity
    related = ("course",)
    icon = "group"
    list_display: ClassVar = ["course", "mode", "places"]
    list_filter: ClassVar = ["course"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("course", widget=CHOICE), FieldPanel("mode"), FieldPanel("places")])],
        base_form_class=CodeForm,
    )


class QuotaViewSet(OfficeViewSet):
    model = Quota
    related = (
        "course",
        "institution",
    )
    icon = "group"
    list_display: ClassVar = ["course", "institution", "places"]
    list_filter: ClassVar = ["course"]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [
                    FieldPanel("course", widget=CHOICE),
                    FieldPanel("institution", widget=CHOICE),
                    FieldPanel("places"),
                ]
            )
        ],
        base_form_class=CodeForm,
    )


class ProgrammeGroup(SnippetViewSetGroup):
    menu_label = _("Programme")
    menu_icon = "calendar-alt"
    menu_order = 100
    items = (
        CourseViewSet,
        SessionViewSet,
        CaseViewSet,
        MaterialViewSet,
        DutyViewSet,
        RoomViewSet,
        CapacityViewSet,
        QuotaViewSet,
    )


class TechniqueGroup(SnippetViewSetGroup):
    menu_label = _("Techniques")
    menu_icon = "list-ul"
    menu_order = 110
    items = (TechniqueViewSet, PhaseViewSet, StepViewSet)
