from django.db import migrations

from syncd.partners import policies


def secure(apps, schema_editor):
    policies.apply(schema_editor.connection, policies.COPY)


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [migrations.RunPython(secure, migrations.RunPython.noop)]
