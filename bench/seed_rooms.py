"""Makes rooms in a private instance's database before it starts.

    python -m bench.seed_rooms '[{"id": "fast", "profile": "fast", "views": ["main"], "languages": ["zh-Hans"]}]'

Settings come from the AMPHITHEATRE_* environment, as for `amphitheatre up`.
"""

import json
import os
import sys

LABELS = {"zh-Hans": "中文", "en": "English", "fr": "Français"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    import django  # type: ignore[import-untyped]  # carries no types

    django.setup()
    from amphitheatre.web.studio.models import Language, Room, View

    for place, wish in enumerate(json.loads(sys.argv[1])):
        room = Room.objects.create(
            id=wish["id"],
            title={"en": wish["id"]},
            floor=wish["languages"][0],
            profile=wish["profile"],
            recorded=wish["recorded"],
            position=place,
        )
        for view in wish["views"]:
            View.objects.create(room=room, name=view, label={"en": view})
        for tag in wish["languages"]:
            Language.objects.create(
                room=room, tag=tag, label=LABELS[tag], interpreted=tag != wish["languages"][0]
            )


if __name__ == "__main__":
    main()
