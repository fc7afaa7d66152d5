from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programme", "0007_each_operation_has_its_case")]

    operations = [migrations.RemoveField(model_name="session", name="consent")]
