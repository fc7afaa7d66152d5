"""Fail when a text is missing, fuzzy, stale or has other placeholders in any language."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from amphitheatre.web.ui import catalogues


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [fault for locale in catalogues.LOCALES for fault in catalogues.faults(locale)]
        if faults:
            raise CommandError(
                "\n".join(
                    [*faults, f"{len(faults)} faults; `update_translations` adds new texts to the files"]
                )
            )
        self.stdout.write("All texts are translated.")
