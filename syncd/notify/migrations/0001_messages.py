import django.db.models.deletion
import syncd.notify.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        ('review', '0001_squashed_0005_group_in_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=syncd.notify.models.fresh_key, max_length=32, unique=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ('days', models.JSONField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('query', models.TextField(blank=True)),
                ('view', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='review.savedview')),
                ('channel', models.CharField(default='mail', max_length=128)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Silenced',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='silenced', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(default=syncd.notify.models.fresh_key, max_length=32, unique=True)),
                ('at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('way', models.CharField(max_length=8)),
                ('to', models.CharField(max_length=254)),
                ('topic', models.CharField(max_length=32)),
                ('once', models.BooleanField(default=False)),
                ('subject', models.TextField(blank=True)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('unsubscribe', models.TextField(blank=True)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('next_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at', 'id'], name='message_due'), models.Index(condition=models.Q(('state', 'sending')), fields=['lease_until'], name='message_sending'), models.Index(fields=['made_at'], name='message_age'), models.Index(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('error', ''), _negated=True)), fields=['-id'], name='message_trouble')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subscription', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='notify.subscription')),
                ('slot', models.DateTimeField()),
                ('state', models.CharField(max_length=8)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('content', models.JSONField(default=dict)),
                ('known', models.JSONField(default=dict)),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='digests', to='notify.message')),
            ],
            options={
                'ordering': ['-slot'],
                'constraints': [models.UniqueConstraint(fields=('subscription', 'slot'), name='digest_once_a_slot')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('subject', models.CharField(max_length=200)),
                ('over', models.TextField(blank=True)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind', 'subject'), name='alert_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Bookmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('webhook', models.CharField(max_length=63)),
                ('stream', models.CharField(max_length=16)),
                ('position', models.PositiveBigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('webhook', 'stream'), name='bookmark_once')],
            },
        ),
    ]
