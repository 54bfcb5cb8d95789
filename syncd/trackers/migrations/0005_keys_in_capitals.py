from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("trackers", "0004_desk")]

    operations = [
        migrations.AddIndex(model_name="item", index=models.Index(Upper("key"), name="item_named")),
    ]
