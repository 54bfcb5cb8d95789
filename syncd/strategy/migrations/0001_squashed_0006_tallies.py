import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('strategy', '0001_initial'),
        ('strategy', '0002_nouns'),
        ('strategy', '0003_versions_and_drafts'),
        ('strategy', '0004_accepted_links'),
        ('strategy', '0005_exemptions'),
        ('strategy', '0006_tallies'),
    ]

    initial = True

    dependencies = [
        ('trackers', '0001_squashed_0006_leaving'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tallied',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('made_at', models.DateTimeField()),
                ('seconds', models.FloatField()),
                ('since', models.DateTimeField()),
                ('reckoned', models.BooleanField(default=False)),
            ],
            options={
                'get_latest_by': 'day',
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('tracker', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='trackers.tracker')),
                ('container', models.CharField(blank=True, max_length=255)),
                ('side', models.CharField(max_length=8)),
                ('name', models.CharField(blank=True, max_length=64)),
                ('strength', models.PositiveSmallIntegerField(default=0)),
                ('status', models.CharField(blank=True, max_length=16)),
                ('items', models.PositiveIntegerField()),
                ('estimated', models.PositiveIntegerField(default=0)),
                ('points', models.FloatField(default=0.0)),
                ('days', models.FloatField(default=0.0)),
                ('stale', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'side', 'name'], name='tally_of_day')],
            },
        ),
        migrations.CreateModel(
            name='StrategyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=32)),
                ('strategy', models.JSONField()),
                ('rules', models.JSONField()),
                ('files', models.JSONField(default=dict)),
                ('demoted', models.JSONField(db_default=[], default=list)),
                ('effect', models.JSONField(default=dict)),
                ('author', models.CharField(blank=True, max_length=255)),
                ('message', models.TextField(blank=True)),
                ('applied_at', models.DateTimeField()),
                ('marked_at', models.DateTimeField(null=True)),
            ],
            options={
                'get_latest_by': 'id',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folder', models.TextField(unique=True)),
                ('hash', models.CharField(max_length=32)),
                ('state', models.CharField(max_length=16)),
                ('because', models.TextField(blank=True)),
                ('effect', models.JSONField(default=dict)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='trackers.item')),
                ('primary_goal', models.CharField(blank=True, max_length=64)),
                ('strength', models.PositiveSmallIntegerField(default=0)),
                ('exempt', models.CharField(blank=True, max_length=64)),
                ('explanation', models.TextField()),
                ('fingerprint', models.CharField(max_length=32)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='strategy.strategyversion')),
                ('decided_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['primary_goal', 'item'], name='decision_goal'), models.Index(condition=models.Q(('exempt', ''), _negated=True), fields=['item'], name='decision_exempt'), models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='decision_next')],
            },
        ),
        migrations.CreateModel(
            name='PastDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='past_decisions', to='trackers.item')),
                ('primary_goal', models.CharField(blank=True, max_length=64)),
                ('exempt', models.CharField(blank=True, max_length=64)),
                ('explanation', models.TextField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategy.strategyversion')),
                ('decided_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'ended_at'], name='past_decision_of_item')],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='suggestion', to='trackers.item')),
                ('model', models.CharField(max_length=32)),
                ('ranked', models.JSONField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='GoalUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('goal', models.CharField(max_length=64)),
                ('health', models.CharField(max_length=16)),
                ('text', models.TextField(blank=True)),
                ('author', models.CharField(max_length=255)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'get_latest_by': 'made_at',
                'indexes': [models.Index(fields=['goal', '-made_at'], name='update_of_goal')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='trackers.item')),
                ('goal', models.CharField(max_length=64)),
                ('strength', models.PositiveSmallIntegerField()),
                ('primary', models.BooleanField()),
                ('against', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['goal', 'item'], name='link_goal'), models.Index(condition=models.Q(('against', False), ('strength__gte', 5)), fields=['goal', '-item'], name='link_accepted')],
                'constraints': [models.UniqueConstraint(fields=('item', 'goal'), name='link_once')],
            },
        ),
    ]
