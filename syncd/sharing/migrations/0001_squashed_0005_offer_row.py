import django.db.models.deletion
import syncd.partners.models
from django.db import migrations, models

from syncd.sharing.guard import put_up


class Migration(migrations.Migration):

    replaces = [
        ('sharing', '0001_initial'),
        ('sharing', '0002_guard'),
        ('sharing', '0003_edited'),
        ('sharing', '0004_ledger_by_order'),
        ('sharing', '0005_offer_row'),
    ]

    initial = True

    dependencies = [
        ('trackers', '0001_squashed_0006_leaving'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.CharField(max_length=63, unique=True)),
                ('name', models.TextField()),
                ('approved', models.JSONField(null=True)),
                ('approved_digest', models.CharField(blank=True, max_length=64)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.TextField(blank=True)),
                ('admitted', models.PositiveIntegerField(default=0)),
                ('draft', models.JSONField(null=True)),
                ('draft_digest', models.CharField(blank=True, max_length=64)),
                ('drafted_at', models.DateTimeField(null=True)),
                ('widens', models.JSONField(default=list)),
                ('walked', models.BigIntegerField(default=0)),
                ('walking', models.BooleanField(default=True)),
                ('published', models.JSONField(null=True)),
                ('quiet', models.JSONField(default=list)),
                ('inside', models.JSONField(default=dict)),
                ('names', models.BigIntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.TextField(blank=True)),
                ('closed_because', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='sharing.deal')),
                ('digest', models.CharField(max_length=64)),
                ('agreement', models.JSONField()),
                ('by', models.TextField()),
                ('message', models.TextField(blank=True)),
                ('widens', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Shown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='sharing.deal')),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='trackers.item')),
                ('public', models.CharField(default=syncd.partners.models.public_id, max_length=22, unique=True)),
                ('values', models.JSONField(null=True)),
                ('waiting', models.JSONField(null=True)),
                ('held', models.BooleanField(default=False)),
                ('turns_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['item'], name='shown_item'), models.Index(condition=models.Q(('waiting__isnull', False)), fields=['deal', 'id'], name='shown_waiting'), models.Index(condition=models.Q(('turns_at', None), _negated=True), fields=['turns_at'], name='shown_turning')],
                'constraints': [models.UniqueConstraint(fields=('deal', 'item'), name='shown_once')],
            },
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('item', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='trackers.item')),
            ],
        ),
        migrations.CreateModel(
            name='Edited',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sharing.deal')),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='trackers.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'deal'), name='edited_once')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='sharing.deal')),
                ('name', models.CharField(max_length=64)),
                ('public', models.CharField(default=syncd.partners.models.public_id, max_length=22, unique=True)),
                ('offered', models.JSONField()),
                ('agreed', models.JSONField(null=True)),
                ('ours_at', models.DateTimeField(null=True)),
                ('theirs_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(blank=True, max_length=16)),
                ('current', models.JSONField(default=dict)),
                ('because', models.TextField(blank=True)),
                ('told', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('deal', 'name'), name='promise_once')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='sharing.promise')),
                ('public', models.CharField(default=syncd.partners.models.public_id, max_length=22, unique=True)),
                ('subject', models.CharField(max_length=8)),
                ('was', models.TextField()),
                ('becomes', models.TextField(blank=True)),
                ('says', models.TextField()),
                ('because', models.TextField(blank=True)),
                ('options', models.JSONField(default=list)),
                ('by_side', models.CharField(max_length=8)),
                ('row', models.CharField(blank=True, max_length=22)),
                ('consent', models.BooleanField(default=True)),
                ('state', models.CharField(default='open', max_length=10)),
                ('counters', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sharing.offer')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('promise', 'subject', 'by_side'), name='offer_open_once')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='sharing.promise')),
                ('side', models.CharField(blank=True, max_length=8)),
                ('says', models.TextField()),
                ('by', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Taken',
            fields=[
                ('said', models.UUIDField(primary_key=True, serialize=False)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='sharing.deal')),
                ('at', models.DateTimeField()),
                ('says', models.TextField(blank=True)),
                ('outcome', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('contact', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('up_to', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('things', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('partner', models.CharField(max_length=63)),
                ('kind', models.CharField(max_length=10)),
                ('public', models.CharField(max_length=22)),
                ('item', models.TextField()),
                ('field', models.CharField(max_length=16)),
                ('value', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64)),
                ('channel', models.CharField(max_length=160)),
                ('version', models.CharField(max_length=64)),
                ('approver', models.TextField()),
                ('at', models.DateTimeField()),
                ('before', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'at', 'id'], name='disclosure_then'), models.Index(fields=['partner', 'id'], name='disclosure_order'), models.Index(fields=['public', 'field', 'id'], name='disclosure_value')],
            },
        ),
        migrations.RunPython(lambda _, editor: put_up(editor.connection), migrations.RunPython.noop),
    ]
