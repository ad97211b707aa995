"""Further outcomes of checks. The rows there are hold to the narrower rule, so the table is read without a lock that
would stop intake. And what full dry runs asked for, until it is counted."""

import django.contrib.postgres.fields
import django.db.models.deletion
import leadping.ids
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0003_second_person'),
        ('compliance', '0009_name_of_certificates_to_retain'),
    ]

    operations = [
        migrations.CreateModel(
            name='DryRunCall',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('operations', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='certificatecheck',
            name='check_outcome_known',
        ),
        migrations.AlterField(
            model_name='certificatecheck',
            name='outcome',
            field=models.CharField(choices=[('verified', 'verified'), ('reachable', 'reachable'), ('mismatch', 'mismatch'), ('unmatched', 'unmatched'), ('not_found', 'not_found'), ('invented', 'invented'), ('expired', 'expired'), ('not_claimable', 'not_claimable'), ('overclaimed', 'overclaimed'), ('malformed', 'malformed'), ('misconfigured', 'misconfigured'), ('unavailable', 'unavailable'), ('unknown', 'unknown')], max_length=20),
        ),
        migrations.AlterField(
            model_name='servicetrouble',
            name='kind',
            field=models.CharField(choices=[('unavailable', 'TrustedForm does not answer'), ('misconfigured', 'Our TrustedForm account needs mending')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='certificatecheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['verified', 'reachable', 'mismatch', 'unmatched', 'not_found', 'invented', 'expired', 'not_claimable', 'overclaimed', 'malformed', 'misconfigured', 'unavailable', 'unknown'])), name='check_outcome_known'),
        ),
        migrations.AddField(
            model_name='dryruncall',
            name='business',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
        ),
        ValidateConstraint(model_name='certificatecheck', name='check_outcome_known'),
    ]
