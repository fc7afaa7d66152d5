import uuid

from django.db import migrations, models


def one_for_each(apps, editor):
    users = apps.get_model("accounts", "User")
    for user in users.objects.only("pk"):
        user.calendar_key = uuid.uuid4()
        user.save(update_fields=["calendar_key"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitation")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="calendar_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(one_for_each, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="calendar_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
