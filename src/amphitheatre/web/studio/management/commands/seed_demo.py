"""Prepare the database, make the demo's rooms and accounts; prints new accounts and passwords as JSON, once."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from amphitheatre.web.studio.domain import demo


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("prepare", verbosity=1)  # one process for both: starting Django takes longer than either
        accounts = demo.seed()
        demo.write_camera_keys(settings.AMPHITHEATRE.data)
        if accounts:
            self.stdout.write(json.dumps({"accounts": accounts}, indent=2))
