import django.db.models.deletion
from django.db import migrations, models

CARRIED = """INSERT INTO sharing_edited (deal_id, item_id)
    SELECT deal.id, pending.item_id FROM sharing_pending pending CROSS JOIN sharing_deal deal WHERE pending.regardless"""
"""For whichever agreement it was that an item waits: by all of them it is looked at."""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_guard"), ("trackers", "0005_keys_in_capitals")]

    operations = [
        migrations.CreateModel(
            name="Edited",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deal", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sharing.deal")),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="trackers.item",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("item", "deal"), name="edited_once")]},
        ),
        migrations.RunSQL(CARRIED, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="pending", name="pending_edited"),
        migrations.RemoveField(model_name="pending", name="regardless"),
    ]
