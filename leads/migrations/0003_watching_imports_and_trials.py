"""New tables. What the two large ones gain is left to the next migration, which locks nobody out for long."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import leadping.ids


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
        ('compliance', '0002_indexes_that_are_used'),
        ('conversations', '0002_indexes_that_are_used'),
        ('leads', '0002_indexes_that_are_used'),
        ('sources', '0005_watching_links_and_thresholds'),
    ]

    operations = [
        migrations.CreateModel(
            name='BusinessTally',
            fields=[
                ('period', models.CharField(choices=[('minute', 'Minute'), ('hour', 'Hour'), ('day', 'Day')], max_length=6)),
                ('starts_at', models.DateTimeField()),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('held', models.PositiveIntegerField(default=0)),
                ('duplicates', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('replayed', models.PositiveIntegerField(default=0)),
                ('dry_runs', models.PositiveIntegerField(default=0)),
                ('bad_certificates', models.PositiveIntegerField(default=0)),
                ('opt_outs', models.PositiveIntegerField(default=0)),
                ('complaints', models.PositiveIntegerField(default=0)),
                ('disputes', models.PositiveIntegerField(default=0)),
                ('spent', models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ('held_codes', models.JSONField(default=dict)),
                ('refused_codes', models.JSONField(default=dict)),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
                ('pk', models.CompositePrimaryKey('business_id', 'period', 'starts_at', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('complaint', 'Complaint'), ('dispute', 'Dispute'), ('opt_out', 'Opt-out')], max_length=10)),
                ('raised_by', models.CharField(blank=True, help_text='Who holds it against us: the person, a carrier, a regulator.', max_length=200)),
                ('details', models.TextField(help_text='What is held against the source or the lead, in their words.')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_by', models.CharField(max_length=80)),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld'), ('unfounded', 'Unfounded'), ('settled', 'Settled'), ('honoured', 'Honoured')], max_length=10)),
                ('outcome_reason', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='file')),
                ('status', models.CharField(choices=[('uploaded', 'Uploaded'), ('checking', 'Being checked'), ('checked', 'Checked'), ('importing', 'Being imported'), ('imported', 'Imported'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('failed', 'Failed')], default='uploaded', max_length=12)),
                ('content', models.TextField(blank=True)),
                ('sha256', models.BinaryField(max_length=32)),
                ('columns', models.JSONField(default=dict)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('outcomes', models.JSONField(default=dict)),
                ('codes', models.JSONField(default=dict)),
                ('faults', models.JSONField(default=list)),
                ('failure', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.CharField(max_length=80)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SourceTally',
            fields=[
                ('period', models.CharField(choices=[('minute', 'Minute'), ('hour', 'Hour'), ('day', 'Day')], max_length=6)),
                ('starts_at', models.DateTimeField()),
                ('accepted', models.PositiveIntegerField(default=0)),
                ('held', models.PositiveIntegerField(default=0)),
                ('duplicates', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('replayed', models.PositiveIntegerField(default=0)),
                ('dry_runs', models.PositiveIntegerField(default=0)),
                ('bad_certificates', models.PositiveIntegerField(default=0)),
                ('opt_outs', models.PositiveIntegerField(default=0)),
                ('complaints', models.PositiveIntegerField(default=0)),
                ('disputes', models.PositiveIntegerField(default=0)),
                ('spent', models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ('held_codes', models.JSONField(default=dict)),
                ('refused_codes', models.JSONField(default=dict)),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.source')),
                ('pk', models.CompositePrimaryKey('source_id', 'period', 'starts_at', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='WhatIf',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('settings', models.JSONField(null=True)),
                ('basis', models.CharField(blank=True, max_length=64)),
                ('days', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('result', models.JSONField(default=dict)),
                ('failure', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_by', models.CharField(max_length=80)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='complaint',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='sources.source'),
        ),
        migrations.AddField(
            model_name='import',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='import',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='sources.source'),
        ),
        migrations.AddField(
            model_name='whatif',
            name='business',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='whatif',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='what_ifs', to='sources.source'),
        ),
        migrations.AddField(
            model_name='whatif',
            name='terms',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.terms'),
        ),
        migrations.AddConstraint(
            model_name='businesstally',
            constraint=models.CheckConstraint(condition=models.Q(('period__in', ['minute', 'hour', 'day'])), name='business_tally_period_known'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['business', 'id'], name='complaint_of_business'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['source', 'opened_at'], name='complaint_of_source'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['source'], name='complaint_open'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['complaint', 'dispute', 'opt_out'])), name='complaint_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'upheld', 'unfounded', 'settled', 'honoured'])), name='complaint_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='complaint_closed_with_outcome'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'opt_out'), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='complaint_opt_out_closed'),
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['business', 'id'], name='import_of_business'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['uploaded', 'checking', 'checked', 'importing', 'imported', 'undoing', 'undone', 'failed'])), name='import_status_known'),
        ),
        migrations.AddIndex(
            model_name='sourcetally',
            index=models.Index(fields=['business', 'period', 'starts_at'], name='source_tally_of_business'),
        ),
        migrations.AddIndex(
            model_name='sourcetally',
            index=models.Index(fields=['period', 'starts_at'], name='source_tally_by_time'),
        ),
        migrations.AddConstraint(
            model_name='sourcetally',
            constraint=models.CheckConstraint(condition=models.Q(('period__in', ['minute', 'hour', 'day'])), name='source_tally_period_known'),
        ),
        migrations.AddIndex(
            model_name='whatif',
            index=models.Index(fields=['business', 'id'], name='what_if_of_business'),
        ),
        migrations.AddConstraint(
            model_name='whatif',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'running', 'done', 'failed'])), name='what_if_status_known'),
        ),
        migrations.AddConstraint(
            model_name='whatif',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settings', None), ('terms__isnull', False)), models.Q(('settings__isnull', False), ('terms', None)), _connector='OR'), name='what_if_tries_one'),
        ),
        # Last, since nobody writes leads from here until the end.
        migrations.AddField(
            model_name='complaint',
            name='lead',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='leads.lead'),
        ),
    ]
