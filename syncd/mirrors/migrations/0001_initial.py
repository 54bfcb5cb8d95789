import django.db.models.deletion
import syncd.mirrors.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mirror',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.CharField(max_length=63)),
                ('kind', models.CharField(max_length=8)),
                ('tracker', models.CharField(max_length=63)),
                ('place', models.CharField(max_length=160)),
                ('pin', models.JSONField(null=True)),
                ('name', models.TextField(blank=True)),
                ('url', models.TextField(blank=True)),
                ('fields', models.JSONField(default=list)),
                ('remedies', models.JSONField(default=list)),
                ('since', models.DateTimeField()),
                ('leaving_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('compared', models.CharField(blank=True, max_length=200)),
                ('compared_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('look_at', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked', models.BigIntegerField(default=0)),
                ('swept_at', models.DateTimeField(null=True)),
                ('unknown', models.PositiveIntegerField(default=0)),
                ('parked_until', models.DateTimeField(null=True)),
                ('broken_since', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('worked_at', models.DateTimeField(null=True)),
                ('epoch', models.BigIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_by', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('partner', 'kind', 'tracker', 'place'), name='mirror_once')],
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mirror', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='mirrors.mirror')),
                ('item', models.CharField(max_length=22)),
                ('marker', models.CharField(default=syncd.mirrors.models.new_marker, max_length=24, unique=True)),
                ('remote', models.CharField(blank=True, max_length=64)),
                ('url', models.TextField(blank=True)),
                ('values', models.JSONField(default=dict)),
                ('written', models.JSONField(default=dict)),
                ('tried', models.JSONField(default=dict)),
                ('theirs', models.JSONField(default=dict)),
                ('stage', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('made_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(null=True)),
                ('over_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['mirror', 'remote'], name='row_there')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'gone'), _negated=True), fields=('mirror', 'item'), name='row_once')],
            },
        ),
        migrations.CreateModel(
            name='Intent',
            fields=[
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='intent', serialize=False, to='mirrors.row')),
                ('mirror', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='intents', to='mirrors.mirror')),
                ('act', models.CharField(max_length=8)),
                ('values', models.JSONField(default=dict)),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('begun_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField()),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['mirror', 'next_at'], name='intent_due')],
            },
        ),
    ]
