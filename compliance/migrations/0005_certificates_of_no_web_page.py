"""A further outcome of checks. The rows there are hold to the narrower rule, so the table is read without a
lock that would stop intake."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('compliance', '0004_whom_checks_are_about'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='certificatecheck',
            name='check_outcome_known',
        ),
        migrations.AlterField(
            model_name='certificatecheck',
            name='outcome',
            field=models.CharField(choices=[('verified', 'verified'), ('reachable', 'reachable'), ('mismatch', 'mismatch'), ('unmatched', 'unmatched'), ('not_found', 'not_found'), ('not_claimable', 'not_claimable'), ('overclaimed', 'overclaimed'), ('malformed', 'malformed'), ('misconfigured', 'misconfigured'), ('unavailable', 'unavailable'), ('unknown', 'unknown')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='certificatecheck',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['verified', 'reachable', 'mismatch', 'unmatched', 'not_found', 'not_claimable', 'overclaimed', 'malformed', 'misconfigured', 'unavailable', 'unknown'])), name='check_outcome_known'),
        ),
        ValidateConstraint(model_name='certificatecheck', name='check_outcome_known'),
    ]
