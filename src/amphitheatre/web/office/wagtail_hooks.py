"""What the office shows, told to Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from amphitheatre.web.office import bulk_letters, bulk_people, bulk_programme
from amphitheatre.web.office.bulk import Delete
from amphitheatre.web.office.models import Person
from amphitheatre.web.office.people import AllianceGroup, PeopleGroup
from amphitheatre.web.office.policies import DraftsPolicy, MadeByItselfPolicy
from amphitheatre.web.office.programme import ProgrammeGroup
from amphitheatre.web.office.programs import ProgramsGroup
from amphitheatre.web.office.rooms import OnAirGroup
from amphitheatre.web.office.techniques import TechniqueGroup
from amphitheatre.web.programme.models import Case, Course, Session
from amphitheatre.web.studio.models import Room

for planned in (Course, Session, Case):
    register_permission_policy(planned, DraftsPolicy(planned))
register_permission_policy(Room, MadeByItselfPolicy(Room))
register_permission_policy(
    Person, ModelPermissionPolicy(Person)
)  # else that of accounts' users, which is Wagtail's
for group in (ProgrammeGroup, OnAirGroup, TechniqueGroup, AllianceGroup, PeopleGroup, ProgramsGroup):
    register_snippet(group)
for action in (Delete, *bulk_letters.ACTIONS, *bulk_programme.ACTIONS, *bulk_people.ACTIONS):
    hooks.register("register_bulk_action", action)

# Wagtail's own: pictures, documents, reports and help are for pages, which the house does not have yet; of settings it
# has nothing but what `urls` closes.
_HIDDEN = {"explorer", "images", "documents", "reports", "help", "settings", "snippets"}


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("office/office.css"))


@hooks.register("construct_main_menu")
def hide_what_is_empty(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in _HIDDEN]


@hooks.register("register_admin_menu_item")
def way_back() -> MenuItem:
    return MenuItem(_("Back to the site"), "/", icon_name="arrow-left", order=10_000)


@hooks.register("register_log_actions")
def actions(registry: Any) -> None:
    registry.register_action("amphitheatre.publish", _("Publish"), _("Published"))
    registry.register_action("amphitheatre.consent", _("The patient consents"), _("The patient consents"))
    withdrawn = _("The patient does not consent any more")
    registry.register_action("amphitheatre.withdraw", withdrawn, withdrawn)
    registry.register_action("amphitheatre.resend", _("Send again"), _("Sent again"))
    registry.register_action("amphitheatre.confirm", _("Confirm"), _("Confirmed"))
    registry.register_action("amphitheatre.readmit", _("Register again"), _("Registered again"))
    registry.register_action("amphitheatre.attended", _("Was there"), _("Attended"))
    registry.register_action("amphitheatre.cancel", _("Cancel"), _("Cancelled"))
    restored = _("Takes place after all")
    registry.register_action("amphitheatre.restore", restored, restored)
    registry.register_action("amphitheatre.invite", _("Invite"), _("Invitation sent"))
    registry.register_action("amphitheatre.forget", _("Forget this person"), _("Forgotten"))
