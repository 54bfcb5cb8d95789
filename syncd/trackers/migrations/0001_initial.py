# Whole tables, one statement each: SQLite would copy a table for every later addition.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('credential', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('tokens', models.FloatField()),
                ('refilled_at', models.FloatField()),
                ('blocked_until', models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Tracker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=63, unique=True)),
                ('kind', models.CharField(max_length=16)),
                ('url', models.TextField()),
                ('active', models.BooleanField(default=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('discovered_at', models.DateTimeField(null=True)),
                ('discovered_as', models.CharField(blank=True, max_length=16)),
                ('broken_since', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('problems', models.JSONField(default=list)),
                ('scope_hidden', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('broken_since', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('problems', models.JSONField(default=list)),
                ('requests', models.PositiveIntegerField(default=0)),
                ('census', models.PositiveIntegerField(default=0)),
                ('swept_at', models.DateTimeField(null=True)),
                ('held', models.JSONField(default=dict)),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='streams', to='trackers.tracker')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('tracker', 'native_id'), name='stream_identity'),
                ],
                'indexes': [
                    models.Index(fields=['next_due_at'], name='stream_due'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('doc', models.TextField()),
                ('hash', models.CharField(max_length=32)),
                ('known_at', models.DateTimeField()),
                ('first_known_at', models.DateTimeField()),
                ('census', models.PositiveIntegerField(default=0)),
                ('missed', models.PositiveSmallIntegerField(default=0)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='trackers.item')),
                ('stream', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='trackers.stream')),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='trackers.tracker')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('tracker', 'native_id'), name='item_identity'),
                ],
                'indexes': [
                    models.Index(fields=['address', 'tracker'], name='item_address'),
                    models.Index(fields=['key'], name='item_key'),
                    models.Index(fields=['stream', 'census'], name='item_census'),
                    models.Index(condition=models.Q(('parent', None), models.Q(('parent_address', ''), _negated=True)), fields=['tracker', 'parent_address'], name='item_orphans'),
                ],
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
                ('doc', models.TextField()),
                ('hash', models.CharField(max_length=32)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField()),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField()),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='trackers.item')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['item', 'known_to'], name='version_of_item'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('address', models.CharField(max_length=300)),
                ('where', models.TextField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='trackers.item')),
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
                ('native_id', models.CharField(max_length=255)),
                ('name', models.TextField()),
                ('email', models.TextField(blank=True)),
                ('bot', models.BooleanField(default=False)),
                ('tracker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='trackers.tracker')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('tracker', 'native_id'), name='person_identity'),
                ],
            },
        ),
    ]
