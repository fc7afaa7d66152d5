from django.db import migrations


def give_each_operation_its_case(apps, schema_editor):
    """With the consent that was recorded for the session."""
    Case = apps.get_model("programme", "Case")
    for session in apps.get_model("programme", "Session").objects.filter(technique__isnull=False):
        if session.kind == "live operation":
            titles = {
                name: getattr(session, name) for name in ("title", "title_en", "title_fr", "title_zh_hans")
            }
            Case.objects.create(
                session=session,
                technique_id=session.technique_id,
                original=session.original,
                consent=session.consent,
                **titles,
            )
            session.technique = None
            session.save(update_fields=["technique"])


class Migration(migrations.Migration):
    dependencies = [("programme", "0006_cases")]

    operations = [migrations.RunPython(give_each_operation_its_case, migrations.RunPython.noop)]
