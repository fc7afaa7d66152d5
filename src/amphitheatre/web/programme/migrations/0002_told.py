from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import migrations, models

from amphitheatre.web.programme.domain.instants import instant


def known_as_it_is(apps, editor):
    """Nobody is told now of what was planned before changes were told."""
    for session in apps.get_model("programme", "Session").objects.select_related("course"):
        zone = ZoneInfo(session.course.time_zone)
        starts = instant(session.day, session.begins, zone, second=session.again)
        session.told = {
            "starts": starts.isoformat(),
            "ends": (starts + timedelta(minutes=session.minutes)).isoformat(),
            "room": session.room_id,
            "cancelled": session.cancelled,
        }
        session.save(update_fields=["told"])


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="session", name="told", field=models.JSONField(editable=False, null=True)
        ),
        migrations.RunPython(known_as_it_is, migrations.RunPython.noop),
    ]
