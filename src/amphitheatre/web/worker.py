"""The worker's process: does what web has put into the queue, and again what was under way when it was last stopped."""

import os

import django
from django.core.management import call_command


def run() -> None:
    """Work until SIGINT or SIGTERM. The database must be migrated (command ``prepare``)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amphitheatre.web.settings")
    django.setup()
    from django_tasks_db.models import DBTaskResult

    from amphitheatre.web.hooks import tasks as hooks
    from amphitheatre.web.mail.tasks import deliver
    from amphitheatre.web.registration.tasks import keep_tidy, tell

    # That one calls itself every day: it is begun anew, else each start would add one more.
    DBTaskResult.objects.filter(task_path=keep_tidy.module_path).delete()
    for task in (keep_tidy, tell, deliver, hooks.deliver):
        task.enqueue()
    call_command("db_worker", queue_name="*", startup_delay=False)
