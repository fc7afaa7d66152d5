"""Django's own commands: ``python -m amphitheatre.web.manage migrate`` and so on."""

import os
import sys

from django.core.management import execute_from_command_line


def main(arguments: list[str] | None = None) -> None:
    """Run one of Django's commands; arguments as in sys.argv."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    execute_from_command_line(sys.argv if arguments is None else arguments)


if __name__ == "__main__":
    main()
