"""Tallies are large and in use: what they may say is held against each row without a lock that anybody waits for."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0002_people'),
        ('leads', '0008_judging_again'),
        ('sources', '0007_counts_without_sequences'),
    ]

    operations = [
        migrations.CreateModel(
            name='FailingSource',
            fields=[
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='sources.source')),
                ('requests', models.PositiveIntegerField()),
                ('accepted', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('before', models.FloatField(null=True)),
                ('code', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='PerishingSource',
            fields=[
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='sources.source')),
                ('at', models.DateTimeField()),
                ('certificates', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='tallyreach',
            name='changed_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='tallyreach',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='businesstally',
            name='period',
            field=models.CharField(choices=[('minute', 'Minute'), ('hour', 'Hour'), ('day', 'Day'), ('24h', 'Closed hours of 24'), ('7d', 'Closed days of 7'), ('30d', 'Closed days of 30'), ('90d', 'Closed days of 90')], max_length=6),
        ),
        migrations.AlterField(
            model_name='sourcetally',
            name='period',
            field=models.CharField(choices=[('minute', 'Minute'), ('hour', 'Hour'), ('day', 'Day'), ('24h', 'Closed hours of 24'), ('7d', 'Closed days of 7'), ('30d', 'Closed days of 30'), ('90d', 'Closed days of 90')], max_length=6),
        ),
        migrations.AddField(
            model_name='failingsource',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='perishingsource',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        migrations.AddField(
            model_name='perishingsource',
            name='lead',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.lead'),
        ),
        migrations.AddIndex(
            model_name='failingsource',
            index=models.Index(fields=['business', '-refused'], name='failing_of_business'),
        ),
        migrations.AddIndex(
            model_name='perishingsource',
            index=models.Index(fields=['business', 'at'], name='perishing_of_business'),
        ),
        migrations.RemoveConstraint(
            model_name='sourcetally',
            name='source_tally_period_known',
        ),
        AddConstraintNotValid(
            model_name='sourcetally',
            constraint=models.CheckConstraint(condition=models.Q(('period__in', ['minute', 'hour', 'day', '24h', '7d', '30d', '90d'])), name='source_tally_period_known'),
        ),
        ValidateConstraint(model_name='sourcetally', name='source_tally_period_known'),
    ]
