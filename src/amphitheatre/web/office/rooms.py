"""The programme's rooms, and what is on air from them: pictures, languages, and how they are sent."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from amphitheatre.web.office.forms import CHOICE, TIME, CodeForm, TextsForm
from amphitheatre.web.office.headings import OfficeAdd
from amphitheatre.web.office.history import OfficeEdit
from amphitheatre.web.office.translations import column_of
from amphitheatre.web.office.views import OfficeDelete, OfficeViewSet, only_if, texts
from amphitheatre.web.programme.models import Room as PlannedRoom
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.studio.models import IDENTIFIER, Language, Room, View
from amphitheatre.web.ui.language import NAMES
from amphitheatre.web.ui.languages import name_of

_HEIGHTS: Final = (2160, 1440, 1080, 720, 480)  # lines
_LABELS: Final = {column_of("label", tag): tag for tag in NAMES}
_LAST_PLACE: Final = 999


def identifier() -> forms.CharField:
    """A name that media can take."""
    return forms.CharField(label=_("Name in addresses"), max_length=64, validators=[IDENTIFIER])


class PlannedRoomForm(TextsForm):
    """A room's name is also that of its room on air."""

    slug = identifier()

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        former = self.instance.slug
        if self.instance.pk and slug != former and Room.objects.filter(pk=former).exists():
            raise ValidationError(
                _(
                    "Encoders, links and recordings know the room by “%(name)s”: that stays. Make another room."
                )
                % {"name": former}
            )
        return slug


class OnAirForm(CodeForm):
    """What is sent of a room stays as it is while the room is live. Checked and saved in one transaction (`Held`)."""

    def room(self) -> Room | None:
        """None while nobody has chosen one."""
        return self.cleaned_data.get("room")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if (room := self.room()) is not None:
            rooms.hold(room)
            rooms.check_not_live(room)
        return cleaned


class Held:
    """Two people who change a room do it one after the other, and the other is told what is different by then."""

    @transaction.atomic
    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        answer: HttpResponse = super().post(request, *arguments, **options)  # type: ignore[misc]  # Wagtail's view
        return answer


class Add(Held, OfficeAdd):
    pass


class Edit(Held, OfficeEdit):
    pass


class RoomForm(OnAirForm):
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=_LAST_PLACE)
    top_height = forms.TypedChoiceField(
        label=_("Lines of the largest picture"), coerce=int, choices=[(one, str(one)) for one in _HEIGHTS]
    )

    def room(self) -> Room:
        return self.instance


class SourceForm(OnAirForm):
    """What an encoder sends to keeps its room and its name, for the encoder knows it by them."""

    known_by: ClassVar[str]

    position = forms.IntegerField(
        label=_("Position"),
        required=False,
        min_value=1,
        max_value=_LAST_PLACE,
        help_text=_("Left empty: after the others. If something stands there, it moves on."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk is None:
            self.initial.pop("position", None)
        else:
            self.initial["position"] = rooms.place_of(self.instance)
            for name in ("room", self.known_by):
                self.fields[name].disabled = True

    def save(self, commit: bool = True) -> Any:
        source = super().save(commit=False)
        rooms.put(source, self.cleaned_data["position"])
        return source


# One field a language.
_Labelled = type(
    "_Labelled",
    (SourceForm,),
    {
        field: forms.CharField(label=NAMES[tag], max_length=60, required=False)
        for field, tag in _LABELS.items()
    },
)


class ViewForm(_Labelled):
    known_by = "name"

    name = identifier()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field, tag in _LABELS.items():
            self.initial[field] = self.instance.label.get(tag, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk is None and (room := self.room()) is not None:
            rooms.check_one_more(room)
        if not any(cleaned.get(field) for field in _LABELS):
            self.add_error(next(iter(_LABELS)), _("Say in at least one language what it shows."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        written = {tag: self.cleaned_data[field] for field, tag in _LABELS.items()}
        self.instance.label = {tag: text for tag, text in written.items() if text}
        return super().save(commit)


class LanguageForm(SourceForm):
    known_by = "tag"

    tag = forms.ChoiceField(label=_("Language"), choices=list(NAMES.items()))

    def save(self, commit: bool = True) -> Any:
        language = self.instance
        language.label = name_of(language.tag)
        language.interpreted = language.tag != language.room.floor
        return super().save(commit)


class Remove(OfficeDelete):
    """Asks once and says what is lost; of what has to stay it says why. check: raises ValidationError; again in one
    transaction with the deletion.
    """

    context_object_name = (
        "record"  # by its model a view would stand where the template looks for the page itself
    )
    loss: ClassVar[Promise]
    check: ClassVar[Callable[[Any], None]]

    @property
    def confirmation_message(self) -> Any:
        return self.loss

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *arguments, **options)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(self.get_success_url())

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        self.look_first()
        return super().get(request, *arguments, **options)

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        self.look_first()
        return super().post(request, *arguments, **options)

    def look_first(self) -> None:
        self.check(self.object)

    def delete_action(self) -> None:
        self.check(self.object)
        super().delete_action()


class RemoveView(Remove):
    check = staticmethod(rooms.check_view_may_go)
    loss = _(
        "Its key and the address that it is fetched from are lost: an encoder that sends with the key is refused. "
        "Recordings keep the picture. This can’t be undone."
    )


class RemoveLanguage(Remove):
    check = staticmethod(rooms.check_language_may_go)
    loss = _(
        "Its key is lost: whoever sends a voice with it is refused. Recordings keep the voice. This can’t be undone."
    )


class RemoveRoom(Remove):
    check = staticmethod(rooms.check_room_is_over)
    loss = _("Its pictures, its languages and all their keys are lost. This can’t be undone.")

    def look_first(self) -> None:
        super().look_first()
        rooms.check_nothing_kept(self.object)


class RemovePlannedRoom(OfficeDelete):
    confirmation_message = _(
        "If it has never been live, its room on air goes too, with the keys that encoders send with. If it has, that "
        "stays, with its recordings."
    )


class PlannedRoomViewSet(OfficeViewSet):
    model = PlannedRoom
    delete_view_class = RemovePlannedRoom
    icon = "home"
    list_display: ClassVar = ["title", "slug", only_if("theatre", _("Operating theatre")), "opens", "closes"]
    list_filter: ClassVar = ["theatre"]
    list_export: ClassVar = ["slug", "title_en", "title_fr", "title_zh_hans", "theatre", "opens", "closes"]
    search_fields: ClassVar = ["slug", "title_en", "title_fr", "title_zh_hans"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("slug"), FieldPanel("original")]),
            *texts(PlannedRoom, "title"),
            FieldRowPanel(
                [FieldPanel("theatre"), FieldPanel("opens", widget=TIME), FieldPanel("closes", widget=TIME)]
            ),
        ],
        base_form_class=PlannedRoomForm,
    )


class RoomViewSet(OfficeViewSet):
    """Made and named by the programme's room."""

    model = Room
    edit_view_class = Edit
    delete_view_class = RemoveRoom
    icon = "desktop"
    list_display: ClassVar = ["__str__", "id", "profile", "top_height", only_if("recorded", _("Recorded"))]
    search_fields: ClassVar = ["id"]
    inspect_view_fields: ClassVar = ["id", "floor", "profile", "top_height", "recorded", "position"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("profile"), FieldPanel("top_height")]),
            FieldRowPanel([FieldPanel("recorded"), FieldPanel("position")]),
        ],
        base_form_class=RoomForm,
    )


class ViewViewSet(OfficeViewSet):
    model = View
    add_view_class = Add
    edit_view_class = Edit
    related = ("room",)
    delete_view_class = RemoveView
    icon = "media"
    list_display: ClassVar = ["__str__", "name", "room", "position"]
    list_filter: ClassVar = ["room"]
    ordering: ClassVar = ["room", "position", "pk"]
    search_fields: ClassVar = ["name"]
    inspect_view_fields: ClassVar = ["room", "name", "position"]
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("room", widget=CHOICE), FieldPanel("name"), FieldPanel("position")],
                help_text=_(
                    "The sound of the first picture is the floor’s. Without a position it is the last."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel(field) for field in _LABELS],
                heading=_("Shown as"),
            ),
        ],
        base_form_class=ViewForm,
    )


class LanguageViewSet(OfficeViewSet):
    model = Language
    add_view_class = Add
    edit_view_class = Edit
    related = ("room",)
    delete_view_class = RemoveLanguage
    icon = "globe"
    list_display: ClassVar = ["__str__", "room", only_if("interpreted", _("Interpreted")), "position"]
    list_filter: ClassVar = ["room"]
    ordering: ClassVar = ["room", "position", "pk"]
    search_fields: ClassVar = ["tag", "label"]
    inspect_view_fields: ClassVar = ["room", "tag", "label", "position"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("room", widget=CHOICE), FieldPanel("tag"), FieldPanel("position")])],
        base_form_class=LanguageForm,
    )


class OnAirGroup(SnippetViewSetGroup):
    menu_label = _("Broadcasting")
    menu_icon = "media"
    menu_order = 105
    items = (RoomViewSet, ViewViewSet, LanguageViewSet)
