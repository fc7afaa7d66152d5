"""Everything before the first page: keys, catalogues, database. Safe to run again."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from amphitheatre.web.grants import load_or_create_keys
from amphitheatre.web.studio.domain import rooms
from amphitheatre.web.ui.catalogues import compile_changed


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        load_or_create_keys(settings.AMPHITHEATRE.data)
        compile_changed()
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        rooms.complete()
