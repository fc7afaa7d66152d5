"""What is forgotten every day."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amphitheatre.web.accounts.models import User
from amphitheatre.web.alliance.models import Institution
from amphitheatre.web.programme.models import Course
from amphitheatre.web.registration.models import KEPT, Upload
from amphitheatre.web.registration.tasks import keep_tidy


@pytest.mark.django_db(transaction=True)
def test_a_list_that_nobody_took_is_forgotten(course: Course, institution: Institution) -> None:
    by = User.objects.create_user("c@example.org")
    old, new = (
        Upload.objects.create(course=course, institution=institution, by=by, rows=[]) for _ in range(2)
    )
    Upload.objects.filter(pk=old.pk).update(made=timezone.now() - KEPT - timedelta(minutes=1))
    keep_tidy.enqueue()
    call_command("db_worker", batch=True, queue_name="*", startup_delay=False, verbosity=0)
    assert list(Upload.objects.all()) == [new]
    again = DBTaskResult.objects.get(task_path=keep_tidy.module_path, status="READY")
    assert timedelta(hours=23) < again.run_after - timezone.now() < timedelta(hours=25)
