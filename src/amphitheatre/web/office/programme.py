"""Courses, their sessions, cases and parts."""

from datetime import datetime, tzinfo
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from amphitheatre.web.office.exports import Cell
from amphitheatre.web.office.forms import (
    CHOICE,
    DAY,
    TIME,
    CodeForm,
    PlacedForm,
    SessionForm,
    TextsForm,
    WithPersonForm,
)
from amphitheatre.web.office.headings import OfficeAdd
from amphitheatre.web.office.history import OfficeEdit
from amphitheatre.web.office.rooms import PlannedRoomViewSet
from amphitheatre.web.office.views import Moment, OfficeViewSet, moment, only_if, texts
from amphitheatre.web.programme.models import Case, Course, Duty, Material, Session
from amphitheatre.web.programme.queries import missing_in
from amphitheatre.web.registration.models import Capacity, Quota

_ANONYMOUS = _("Nothing by which a patient could be recognised: no name, no date of birth, no number.")


class CourseViewSet(OfficeViewSet):
    model = Course
    icon = "calendar-alt"
    list_display: ClassVar = [
        "title",
        "first_day",
        "last_day",
        "time_zone",
        moment(Course, "published"),
        only_if("cancelled", _("Cancelled")),
    ]
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
    """After a session or a part in it is saved: a clash is mended best by whoever has just made it."""

    request: HttpRequest
    object: Session | Duty

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # Wagtail's view beside it
        session = self.object.session if isinstance(self.object, Duty) else self.object
        lacks = {one.pk: texts for one, texts in missing_in(session.course)}.get(session.pk)
        if lacks and answer.status_code == 302:
            ready = reverse("course-ready", args=[session.course.slug])
            words = session, _("Before it may go live:"), " ".join(lacks), ready, _("All sessions")
            messages.warning(self.request, format_html('{} · {} {} <a href="{}">{}</a>', *words))
        return answer


class AddAndTell(_TellsWhatItLacks, OfficeAdd):
    pass


class EditAndTell(_TellsWhatItLacks, OfficeEdit):
    pass


# Of the session that a record belongs to.
_COURSE = Column(
    "course",
    label=capfirst(Session._meta.get_field("course").verbose_name),
    accessor="session.course",
    sort_key="session__course",
)
_SESSION = FieldPanel("session", widget=CHOICE, help_text=_("Of courses that are not over."))


def _of_session(record: Any) -> tzinfo:
    return record.session.course.zone


_BEGINS = Moment(
    "begins", label=_("Begins"), accessor="session.starts", sort_key="session__day", zone=_of_session
)


class SessionViewSet(OfficeViewSet):
    model = Session
    add_view_class = AddAndTell
    edit_view_class = EditAndTell
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
        "course.time_zone",
        "minutes",
        "kind",
        "title_en",
        "title_fr",
        "title_zh_hans",
        "room",
        "floor",
        "interpreted",
        "audience",
        "cancelled",
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
    related = ("session__course", "technique")
    icon = "plus"
    list_display: ClassVar = [
        "title",
        _COURSE,
        "session",
        _BEGINS,
        "position",
        "technique",
        moment(Case, "consent"),
    ]
    list_filter: ClassVar = ["session__course", "technique"]
    list_export: ClassVar = [
        "session.course",
        "session.day",
        "session.begins",
        "session.course.time_zone",
        "session",
        "position",
        "technique",
        "title_en",
        "title_fr",
        "title_zh_hans",
        Cell(_("The patient consents"), lambda case: case.consent is not None),
    ]
    search_fields: ClassVar = ["title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([_SESSION, FieldPanel("position")]),
            FieldRowPanel([FieldPanel("technique", widget=CHOICE), FieldPanel("original")]),
            *texts(Case, "title", "summary", advice=_ANONYMOUS),
        ],
        base_form_class=PlacedForm,
    )


class MaterialViewSet(OfficeViewSet):
    """Brought and fetched on the page of its session, which knows who may."""

    model = Material
    related = ("session__course", "by")
    icon = "doc-full"
    list_display: ClassVar = [
        "title",
        _COURSE,
        "session",
        _BEGINS,
        "audience",
        "size",
        moment(Material, "brought"),
    ]
    list_filter: ClassVar = ["session__course", "audience"]
    list_export: ClassVar = [
        "session.course",
        "session.day",
        "session",
        "title",
        "audience",
        "size",
        "brought",
    ]
    search_fields: ClassVar = ["title"]
    inspect_view_fields: ClassVar = ["title", "session", "audience", "size", "brought"]
    edit_handler = ObjectList([FieldPanel("title")], base_form_class=CodeForm)


def _by_the_clock_there(moment: datetime, duty: Duty) -> datetime:
    return timezone.make_naive(moment, duty.session.course.zone)


class DutyViewSet(OfficeViewSet):
    """Who looks at the plan of shifts need not know anybody's address."""

    model = Duty
    add_view_class = AddAndTell
    edit_view_class = EditAndTell
    related = ("person", "session__course", "session__room")
    icon = "user"
    list_display: ClassVar = [
        "person__name",
        "part",
        "language",
        _COURSE,
        "session",
        Moment("starts", label=_("Begins"), sort_key="session__day", zone=_of_session),
        Column("minutes", label=_("Minutes"), accessor=lambda duty: len(duty.minutes)),
    ]
    list_filter: ClassVar = ["session__course", "session__day", "part", "language"]
    list_export: ClassVar = [
        "person.name",
        "person.latin_name",
        "part",
        "language",
        "session.course",
        "session",
        "session.room",
        Cell(_("Begins"), lambda duty: _by_the_clock_there(duty.starts, duty)),
        Cell(_("Ends"), lambda duty: _by_the_clock_there(duty.ends, duty)),
        "session.course.time_zone",
    ]
    search_fields: ClassVar = ["person__name", "person__latin_name"]
    edit_handler = ObjectList(
        [
            _SESSION,
            FieldRowPanel([FieldPanel("person"), FieldPanel("part")]),
            FieldRowPanel([FieldPanel("language"), FieldPanel("first"), FieldPanel("last")]),
        ],
        base_form_class=WithPersonForm,
    )


class CapacityViewSet(OfficeViewSet):
    model = Capacity
    related = ("course",)
    icon = "group"
    list_display: ClassVar = ["course", "mode", "places"]
    list_filter: ClassVar = ["course"]
    list_export: ClassVar = ["course", "mode", "places"]
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
    list_export: ClassVar = ["course", "institution", "places"]
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
        PlannedRoomViewSet,
        CapacityViewSet,
        QuotaViewSet,
    )
