from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_edited")]

    operations = [
        migrations.AddIndex(
            model_name="disclosure", index=models.Index(fields=["partner", "id"], name="disclosure_order")
        ),
        migrations.AddIndex(
            model_name="disclosure", index=models.Index(fields=["public", "field", "id"], name="disclosure_value")
        ),
    ]
