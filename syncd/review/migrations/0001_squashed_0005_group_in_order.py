import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('review', '0001_initial'),
        ('review', '0002_nouns'),
        ('review', '0003_decisions_and_groups'),
        ('review', '0004_desk'),
        ('review', '0005_group_in_order'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('trackers', '0001_squashed_0006_leaving'),
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='trackers.item')),
                ('fingerprint', models.TextField()),
                ('group', models.TextField(blank=True, db_default='')),
                ('held', models.CharField(blank=True, db_default='', max_length=16)),
                ('at_root', models.BooleanField(db_default=False)),
                ('shape', models.TextField(blank=True, db_default='')),
                ('moving', models.BooleanField(db_default=False)),
                ('points', models.FloatField(null=True)),
                ('message', models.TextField()),
                ('fix', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['fingerprint'], name='finding_flag'), models.Index(fields=['group', 'id'], name='finding_group'), models.Index(condition=models.Q(('shape', ''), _negated=True), fields=['fingerprint'], name='finding_shape'), models.Index(condition=models.Q(('held', ''), _negated=True), fields=['id'], name='finding_held')],
                'constraints': [models.UniqueConstraint(fields=('item', 'fingerprint'), name='finding_once')],
            },
        ),
        migrations.CreateModel(
            name='Unsettled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.TextField()),
                ('due_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='unsettled_due')],
            },
        ),
        migrations.CreateModel(
            name='RuleRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=64, unique=True)),
                ('hash', models.CharField(blank=True, max_length=32)),
                ('since', models.DateTimeField()),
                ('acted', models.PositiveIntegerField(default=0)),
                ('dismissed', models.PositiveIntegerField(default=0)),
                ('expired', models.PositiveIntegerField(default=0)),
                ('demoted_at', models.DateTimeField(null=True)),
                ('demoted_because', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_views', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=60)),
                ('query', models.TextField(blank=True)),
                ('shared', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='view_once')],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.TextField(unique=True)),
                ('rule', models.CharField(max_length=64)),
                ('severity', models.CharField(max_length=8)),
                ('state', models.CharField(default='open', max_length=16)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='trackers.item')),
                ('goal', models.CharField(blank=True, max_length=64)),
                ('message', models.TextField()),
                ('fix', models.TextField()),
                ('clears', models.PositiveIntegerField()),
                ('owner', models.CharField(blank=True, max_length=255)),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolved_because', models.TextField(blank=True)),
                ('regressed', models.PositiveSmallIntegerField(default=0)),
                ('stake', models.FloatField(db_default=0.0)),
                ('detail', models.JSONField(db_default={}, default=dict)),
                ('fared', models.CharField(blank=True, db_default='', max_length=16)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['-clears', '-stake', 'id'], name='flag_queue'), models.Index(condition=models.Q(('state', 'open')), fields=['-stake', '-clears', 'id'], name='flag_stake'), models.Index(condition=models.Q(('state', 'open')), fields=['rule', '-stake', '-clears', 'id'], name='flag_of_rule'), models.Index(condition=models.Q(('state', 'open')), fields=['owner', '-stake', '-clears', 'id'], name='flag_of_owner'), models.Index(condition=models.Q(('state', 'open')), fields=['opened_at', 'id'], name='flag_age'), models.Index(condition=models.Q(('state', 'resolved')), fields=['resolved_at', 'id'], name='flag_resolved'), models.Index(condition=models.Q(('fared', ''), _negated=True), fields=['rule', 'fared', 'opened_at'], name='flag_fared'), models.Index(condition=models.Q(('fared', ''), ('state', 'open')), fields=['opened_at'], name='flag_unread')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='review.flag')),
                ('at', models.DateTimeField()),
                ('state', models.CharField(max_length=16)),
                ('because', models.TextField(blank=True)),
            ],
            options={
                'get_latest_by': 'id',
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='verdicts', to='review.flag')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='trackers.item')),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='review.verdict')),
                ('kind', models.CharField(max_length=16)),
                ('target', models.CharField(blank=True, max_length=64)),
                ('rule', models.CharField(blank=True, max_length=64)),
                ('reason', models.TextField(blank=True)),
                ('author', models.CharField(max_length=255)),
                ('made_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('until_event', models.CharField(blank=True, max_length=16)),
                ('batch', models.CharField(blank=True, db_default='', max_length=16)),
                ('before', models.JSONField(default=dict)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.CharField(blank=True, max_length=255)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.TextField(blank=True, db_default='')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None), ('undone_at__isnull', False)), fields=['id'], name='verdict_taken_back'), models.Index(condition=models.Q(('ended_at', None), ('undone_at', None), models.Q(('until_event', ''), _negated=True)), fields=['until_event'], name='verdict_event'), models.Index(fields=['item', 'id'], name='verdict_item'), models.Index(condition=models.Q(('ended_at', None), ('undone_at', None)), fields=['until'], name='verdict_until'), models.Index(condition=models.Q(('batch', ''), _negated=True), fields=['batch'], name='verdict_batch')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('flag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='questions', to='review.flag')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='trackers.item')),
                ('goal', models.CharField(blank=True, max_length=64)),
                ('text', models.TextField()),
                ('asker', models.CharField(max_length=255)),
                ('to', models.CharField(blank=True, max_length=255)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.CharField(blank=True, max_length=255)),
                ('answered_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'id'], name='question_of_item')],
            },
        ),
        migrations.AddField(
            model_name='flag',
            name='verdict',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='review.verdict'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('verdict__isnull', False)), fields=['verdict', 'id'], name='flag_decided'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('state', 'snoozed')), fields=['verdict', 'id'], name='flag_snoozed'),
        ),
    ]
