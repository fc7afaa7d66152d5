"""Write the .mo files that are missing or older than their .po; needs no GNU gettext."""

from typing import Any

from django.core.management.base import BaseCommand

from amphitheatre.web.ui import catalogues


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for path in catalogues.compile_changed():
            self.stdout.write(f"compiled {path.parent.parent.name}")
