"""The worker's process: does what web has put into the queue, and again what was under way when it was last stopped."""

import os

import django
from django.core.management import call_command


def run() -> None:
    """Work until SIGINT or SIGTERM. The database must be migrated (command ``prepare``)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    django.setup()
    from amphitheatre.web.mail.tasks import deliver
    from amphitheatre.web.registration.tasks import tell

    for task in (tell, deliver):
        task.enqueue()
    call_command("prune_db_task_results", verbosity=0)
    call_command("db_worker", queue_name="*", startup_delay=False)
