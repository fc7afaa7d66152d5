from django.db import migrations, models
from django.db.models import Min


def keep_the_first(apps, schema_editor):
    duties = apps.get_model("programme", "Duty").objects.filter(first=None)
    same = duties.order_by().values("session", "person", "part", "language")
    kept = same.annotate(kept=Min("pk")).values("kept")
    duties.exclude(pk__in=list(kept.values_list("kept", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("programme", "0008_consent_of_cases")]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("first", None)),
                fields=("session", "person", "part", "language"),
                name="duty_once_in_a_whole_session",
                violation_error_message="This is entered already.",
            ),
        ),
    ]
