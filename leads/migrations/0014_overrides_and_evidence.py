"""The audit queue gets its index while the table of leads is in use. What follows is new and
empty."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import leadping.ids
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0003_second_person'),
        ('compliance', '0003_certificates_by_expiry'),
        ('conversations', '0002_indexes_that_are_used'),
        ('leads', '0013_retention_and_erasure'),
        ('sources', '0007_counts_without_sequences'),
    ]

    operations = [
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "lead_held"', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='lead',
            index=models.Index(condition=models.Q(('status', 'audit')), fields=['business', 'id'], include=('source', 'held_for', 'recheck_at'), name='lead_held'),
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('token', models.CharField(max_length=200)),
                ('field', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('not_verified', 'Not verified'), ('malformed', 'Malformed')], max_length=12)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reason', models.TextField()),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('confirmed', 'Confirmed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed'), ('alone', 'Passed over by one person')], default='waiting', max_length=10)),
                ('settled_by', models.CharField(blank=True, max_length=80)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_reason', models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name='evidence',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='lead',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='leads.lead'),
        ),
        migrations.AddField(
            model_name='override',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='override',
            name='lead',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='leads.lead'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['business', 'id'], name='evidence_of_business'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['not_verified', 'malformed'])), name='evidence_state_known'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('lead', 'kind', 'token'), name='evidence_once'),
        ),
        migrations.AddIndex(
            model_name='override',
            index=models.Index(fields=['business', 'id'], name='override_of_business'),
        ),
        migrations.AddIndex(
            model_name='override',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['business', 'id'], name='override_waiting'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'confirmed', 'declined', 'withdrawn', 'lapsed', 'alone'])), name='override_state_known'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('settled_at', None), _negated=True)), _connector='OR'), name='override_settled_or_waiting'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(models.Q(('settled_by', models.F('asked_by')), _negated=True), ('asked_by__startswith', 'user_'), ('settled_by__startswith', 'user_')), _connector='OR'), name='override_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['withdrawn', 'alone']), _negated=True), ('settled_by', models.F('asked_by')), _connector='OR'), name='override_own_word'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.CheckConstraint(condition=models.Q(('codes', []), _negated=True), name='override_of_something'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('lead',), name='override_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['confirmed', 'alone'])), fields=('lead',), name='override_releases_once'),
        ),
    ]
