from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0004_ledger_by_order")]
    operations = [
        migrations.AddField(
            "offer", "row", models.CharField(blank=True, default="", max_length=22), preserve_default=False
        )
    ]
