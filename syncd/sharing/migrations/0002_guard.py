from django.db import migrations

from syncd.sharing.guard import put_up


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]
    operations = [migrations.RunPython(lambda _, editor: put_up(editor.connection), migrations.RunPython.noop)]
