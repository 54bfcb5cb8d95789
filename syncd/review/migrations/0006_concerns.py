from django.db import migrations, models


GOALS = """UPDATE review_flag SET concerns = goal WHERE goal <> ''"""
WORK = """UPDATE review_flag SET concerns = decision.primary_goal FROM strategy_decision decision
    WHERE decision.item_id = review_flag.item_id AND review_flag.goal = ''"""


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0001_squashed_0005_group_in_order'),
        ('strategy', '0001_squashed_0006_tallies'),
        ('trackers', '0001_squashed_0006_leaving'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='flag',
            name='flag_queue',
        ),
        migrations.RemoveIndex(
            model_name='flag',
            name='flag_stake',
        ),
        migrations.RemoveIndex(
            model_name='flag',
            name='flag_age',
        ),
        migrations.AddField(
            model_name='flag',
            name='concerns',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.RunSQL([GOALS, WORK], migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['-clears', '-stake', 'id', 'severity', 'concerns'], name='flag_queue'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['-stake', '-clears', 'id', 'severity', 'concerns'], name='flag_stake'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['concerns', '-stake', '-clears', 'id'], name='flag_of_goal'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['severity', '-stake', '-clears', 'id'], name='flag_of_severity'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['opened_at', 'id', 'severity', 'concerns'], name='flag_age'),
        ),
    ]
