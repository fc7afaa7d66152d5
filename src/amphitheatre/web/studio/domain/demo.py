"""The demo's two rooms, one account a role, and the keys of the demo's own cameras."""

import json
import os
import secrets
from pathlib import Path
from typing import Final, TypedDict

from django.db import transaction

from amphitheatre.web.accounts.models import User
from amphitheatre.web.accounts.roles import AccountRole
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.studio.domain.demo_course import seed_course
from amphitheatre.web.studio.models import Room

OPERATION: Final = {
    "en": "Robot-assisted, fluorescence-navigated resection of hepatocellular carcinoma",
    "zh-Hans": "荧光导航机器人辅助肝细胞癌切除术",
    "fr": "Résection du carcinome hépatocellulaire, robotique et guidée par fluorescence",
}
YOURS: Final = {
    "en": "Your own camera",
    "zh-Hans": "您自己的摄像机",
    "fr": "Votre propre caméra",
}
CAMERAS: Final = {
    "laparoscope": {"en": "Laparoscope", "zh-Hans": "腹腔镜", "fr": "Laparoscope"},
    "fluorescence": {"en": "Fluorescence", "zh-Hans": "荧光", "fr": "Fluorescence"},
}
LANGUAGES: Final = ("zh-Hans", "en", "fr")
DOMAIN: Final = "amphitheatre.example"


class DemoAccount(TypedDict):
    """An account that has just been made; the password is kept nowhere else."""

    role: str
    email: str
    password: str


@transaction.atomic
def seed() -> list[DemoAccount]:
    """Make what is missing and leave the rest alone; answers with the accounts made now."""
    operation = rooms.make("operation", OPERATION, LANGUAGES, CAMERAS)
    rooms.show(operation, CAMERAS)  # also when somebody has taken one away: the demo's cameras send to both
    rooms.make("yours", YOURS, LANGUAGES)
    accounts = [made for role in AccountRole if (made := _account(role))]
    seed_course()
    return accounts


def write_camera_keys(data: Path) -> Path:
    """keys/demo-cameras.json, mode 0600: what the demo's camera process pushes with."""
    room = Room.objects.prefetch_related("views", "languages").get(pk="operation")
    keys: dict[str, object] = {view.name: view.key for view in room.views.all()}
    keys["languages"] = {one.tag: one.key for one in room.languages.all()}
    path = data / "keys" / "demo-cameras.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"operation": keys}, file, indent=2)
    draft.replace(path)
    return path


def _account(role: AccountRole) -> DemoAccount | None:
    email = f"{role.value}@{DOMAIN}"
    if User.objects.filter(email=email).exists():
        return None
    password = secrets.token_urlsafe(12)
    User.objects.create_user(email, password, role=role)
    return DemoAccount(role=role.value, email=email, password=password)
