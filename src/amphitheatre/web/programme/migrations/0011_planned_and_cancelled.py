from datetime import UTC, datetime

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0010_more_labels"),
    ]

    operations = [
        # What stands there was planned long ago: what is not told yet may be told at once.
        migrations.AddField(
            model_name="course",
            name="planned",
            field=models.DateTimeField(default=datetime(2000, 1, 1, tzinfo=UTC), editable=False),
        ),
        migrations.AlterField(
            model_name="course",
            name="planned",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="course",
            name="cancelled",
            field=models.BooleanField(default=False, editable=False, verbose_name="Cancelled"),
        ),
    ]
