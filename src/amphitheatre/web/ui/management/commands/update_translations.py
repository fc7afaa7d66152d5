"""Bring the .po files up to date with the sources; new texts come in empty."""

from typing import Any

from django.core.management.base import BaseCommand

from amphitheatre.web.ui import catalogues


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for locale in catalogues.LOCALES:
            catalogues.update(locale)
            self.stdout.write(f"{locale}: {len(catalogues.faults(locale))} texts to translate")
