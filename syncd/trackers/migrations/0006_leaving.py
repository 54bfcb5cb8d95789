from django.db import migrations, models

AWAY = "SELECT item.id FROM trackers_item item JOIN trackers_tracker tracker ON tracker.id = item.tracker_id WHERE NOT tracker.active"
REFERRERS = """
    SELECT reference.item_id FROM trackers_reference reference WHERE reference.address IN (
        SELECT address FROM trackers_item WHERE id IN ({away})
        UNION SELECT address FROM trackers_alias WHERE item_id IN ({away})
    )
""".format(away=AWAY)
AGAIN = f"INSERT INTO trackers_due (item_id) SELECT * FROM ({AWAY} UNION {REFERRERS}) AS found WHERE TRUE ON CONFLICT DO NOTHING"
"""Items of trackers that left take no part any more: they and whoever refers to them are judged once more."""


class Migration(migrations.Migration):
    dependencies = [("trackers", "0005_keys_in_capitals")]

    operations = [
        migrations.AddField(model_name="tracker", name="leaving", field=models.JSONField(db_default={}, default=dict)),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
