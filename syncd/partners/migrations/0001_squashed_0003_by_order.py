import django.db.models.deletion
import syncd.partners.models
from django.db import migrations, models

from syncd.partners import policies


def secure(apps, schema_editor):
    policies.apply(schema_editor.connection, policies.COPY)


class Migration(migrations.Migration):

    replaces = [
        ('partners', '0001_initial'),
        ('partners', '0002_policies'),
        ('partners', '0003_by_order'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.CharField(max_length=63, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('company', models.TextField()),
                ('logo', models.BinaryField(null=True)),
                ('logo_type', models.CharField(blank=True, max_length=32)),
                ('cadence', models.CharField(max_length=16)),
                ('mutual', models.JSONField(default=list)),
                ('fields', models.JSONField(default=list)),
                ('statuses', models.JSONField(default=list)),
                ('open', models.BooleanField(default=False)),
                ('fresh_at', models.DateTimeField(null=True)),
                ('issuer', models.TextField(blank=True)),
                ('domains', models.JSONField(default=list)),
                ('share_expires', models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=22, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='partners.partner')),
                ('email', models.CharField(max_length=254)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partner', 'email'), name='contact_once')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=22, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='partners.partner')),
                ('kind', models.CharField(max_length=8)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='partners.contact')),
                ('label', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=22, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='partners.partner')),
                ('values', models.JSONField()),
                ('notes_html', models.TextField(blank=True)),
                ('title', models.TextField(blank=True)),
                ('status', models.TextField(blank=True)),
                ('when', models.CharField(blank=True, max_length=10)),
                ('shown_on', models.DateField()),
                ('changed_on', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'when', 'id'], name='shared_by_when'), models.Index(fields=['partner', 'status', 'when', 'id'], name='shared_by_status'), models.Index(fields=['partner', '-changed_on', 'id'], name='shared_by_change')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='partners.partner')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='partners.item')),
                ('kind', models.CharField(max_length=12)),
                ('field', models.CharField(blank=True, max_length=16)),
                ('was', models.TextField(blank=True)),
                ('now', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['partner', '-on', 'item', '-id'], name='change_newest'), models.Index(fields=['partner', 'at'], name='change_since'), models.Index(fields=['item', '-on', '-id'], name='change_of_item')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=22, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='partners.partner')),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('who', models.CharField(max_length=8)),
                ('what', models.TextField()),
                ('by', models.DateField()),
                ('success', models.TextField()),
                ('stage', models.CharField(default='offered', max_length=8)),
                ('state', models.CharField(blank=True, max_length=16)),
                ('ours_on', models.DateField(null=True)),
                ('theirs_on', models.DateField(null=True)),
                ('current', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=22, primary_key=True, serialize=False)),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='partners.commitment')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='partners.partner')),
                ('by_side', models.CharField(max_length=8)),
                ('subject', models.CharField(max_length=8)),
                ('was', models.TextField()),
                ('becomes', models.TextField(blank=True)),
                ('says', models.TextField()),
                ('options', models.JSONField(default=list)),
                ('state', models.CharField(default='open', max_length=10)),
                ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='counters', to='partners.proposal')),
                ('made_on', models.DateField()),
                ('decided_on', models.DateField(null=True)),
                ('note', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commitment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='partners.commitment')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='partners.partner')),
                ('side', models.CharField(blank=True, max_length=8)),
                ('says', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'at', 'id'], name='step_newest'), models.Index(fields=['commitment', 'at', 'id'], name='step_of_commitment')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.CharField(default=syncd.partners.models.public_id, max_length=36, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='partners.partner')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='partners.item')),
                ('commitment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='partners.commitment')),
                ('side', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['partner', 'at', 'id'], name='comment_newest'), models.Index(fields=['item', 'at', 'id'], name='comment_of_item'), models.Index(fields=['commitment', 'at', 'id'], name='comment_of_commitment')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('said', models.UUIDField(primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='partners.partner')),
                ('outcome', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RunPython(secure, migrations.RunPython.noop),
    ]
