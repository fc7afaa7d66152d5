from django.db import migrations


def give_each_operation_its_case(apps, schema_editor):
    """With the consent that was recorded for the session, also where no technique was chosen."""
    Case, Technique = (apps.get_model("programme", name) for name in ("Case", "Technique"))
    for session in apps.get_model("programme", "Session").objects.filter(kind="live operation"):
        if session.technique_id is None and session.consent is not None:
            session.technique, _ = Technique.objects.get_or_create(
                slug="other-procedure",
                defaults={
                    "title": "Another procedure",
                    "title_en": "Another procedure",
                    "title_fr": "Une autre intervention",
                    "title_zh_hans": "其他手术",
                },
            )
        if session.technique_id is not None:
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
