import datetime
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


MADE = {
    'sqlite': [
        # starts: the first letters of words, so that the beginning of a word is found without reading all that share it
        """CREATE VIRTUAL TABLE trackers_search USING fts5(
            name, people, labels, body, starts, hash UNINDEXED, tokenize='unicode61 remove_diacritics 0')""",
    ],
    'postgresql': [
        'CREATE TABLE trackers_search (id bigint PRIMARY KEY, words tsvector NOT NULL, hash varchar(32) NOT NULL)',
        'CREATE INDEX trackers_search_words ON trackers_search USING gin (words)',
    ],
}


def make(apps, schema_editor):
    for statement in MADE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute('DROP TABLE trackers_search')


class Migration(migrations.Migration):

    replaces = [
        ('trackers', '0001_initial'),
        ('trackers', '0002_nouns'),
        ('trackers', '0003_judging'),
        ('trackers', '0004_desk'),
        ('trackers', '0005_keys_in_capitals'),
        ('trackers', '0006_leaving'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tracker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=63, unique=True)),
                ('kind', models.CharField(max_length=16)),
                ('url', models.TextField()),
                ('active', models.BooleanField(default=True)),
                ('every', models.FloatField(db_default=60.0)),
                ('asked_at', models.DateTimeField(null=True)),
                ('discovered_at', models.DateTimeField(null=True)),
                ('discovered_as', models.CharField(blank=True, max_length=16)),
                ('broken_since', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('trouble', models.CharField(blank=True, db_default='', max_length=8)),
                ('credential', models.CharField(blank=True, db_default='', max_length=16)),
                ('problems', models.JSONField(default=list)),
                ('scope_hidden', models.BooleanField(default=False)),
                ('leaving', models.JSONField(db_default={}, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='streams', to='trackers.tracker')),
                ('native_id', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('meta', models.JSONField(default=dict)),
                ('active', models.BooleanField(default=True)),
                ('cursor', models.JSONField(default=dict)),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_by', models.CharField(blank=True, max_length=255)),
                ('next_due_at', models.DateTimeField(null=True)),
                ('hinted_at', models.DateTimeField(null=True)),
                ('filled_at', models.DateTimeField(null=True)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('broken_since', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('trouble', models.CharField(blank=True, db_default='', max_length=8)),
                ('problems', models.JSONField(default=list)),
                ('requests', models.PositiveIntegerField(default=0)),
                ('census', models.PositiveIntegerField(default=0)),
                ('swept_at', models.DateTimeField(null=True)),
                ('held', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['next_due_at'], name='stream_due')],
                'constraints': [models.UniqueConstraint(fields=('tracker', 'native_id'), name='stream_identity')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='trackers.tracker')),
                ('stream', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='trackers.stream')),
                ('native_id', models.CharField(max_length=64)),
                ('container', models.CharField(max_length=255)),
                ('key', models.CharField(max_length=255)),
                ('address', models.CharField(max_length=300)),
                ('kind', models.CharField(max_length=16)),
                ('title', models.TextField()),
                ('url', models.TextField()),
                ('status', models.TextField()),
                ('status_category', models.CharField(max_length=16)),
                ('status_since', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('fate', models.CharField(blank=True, max_length=16)),
                ('parent_address', models.CharField(blank=True, max_length=300)),
                ('parent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='trackers.item')),
                ('doc', models.TextField()),
                ('hash', models.CharField(max_length=32)),
                ('known_at', models.DateTimeField()),
                ('first_known_at', models.DateTimeField()),
                ('census', models.PositiveIntegerField(default=0)),
                ('missed', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['address', 'tracker'], name='item_address'), models.Index(fields=['key'], name='item_key'), models.Index(django.db.models.functions.text.Upper('key'), name='item_named'), models.Index(fields=['stream', 'census'], name='item_census'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='item_changed'), models.Index(condition=models.Q(('deleted_at', None)), fields=['container', 'updated_at', 'id'], name='item_place'), models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at', 'id'], name='item_gone'), models.Index(fields=['known_at', 'id'], name='item_known'), models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent', 'status_category', 'deleted_at'], name='item_children'), models.Index(condition=models.Q(('parent', None), models.Q(('parent_address', ''), _negated=True)), fields=['tracker', 'parent_address'], name='item_orphans')],
                'constraints': [models.UniqueConstraint(fields=('tracker', 'native_id'), name='item_identity')],
            },
        ),
        migrations.CreateModel(
            name='Due',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='due', serialize=False, to='trackers.item')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='trackers.item')),
                ('doc', models.TextField()),
                ('hash', models.CharField(max_length=32)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'known_to'], name='version_of_item')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='trackers.item')),
                ('kind', models.CharField(max_length=16)),
                ('address', models.CharField(max_length=300)),
                ('where', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['address'], name='reference_address')],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=300)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='trackers.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('address', 'item'), name='alias_once')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='trackers.tracker')),
                ('native_id', models.CharField(max_length=255)),
                ('name', models.TextField()),
                ('email', models.TextField(blank=True)),
                ('bot', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tracker', 'native_id'), name='person_identity')],
            },
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('credential', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('tokens', models.FloatField()),
                ('refilled_at', models.FloatField()),
                ('blocked_until', models.FloatField(default=0)),
                ('burst', models.FloatField(db_default=0.0)),
                ('per_second', models.FloatField(db_default=0.0)),
            ],
        ),
        migrations.CreateModel(
            name='SearchMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_at', models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
                ('gone_at', models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))),
            ],
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='look', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=8)),
                ('version', models.PositiveBigIntegerField(default=0)),
                ('position', models.PositiveBigIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0)),
                ('examples', models.JSONField(default=list)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['purpose', 'id'], name='round_under_way')],
            },
        ),
        migrations.RunPython(make, drop),
    ]
