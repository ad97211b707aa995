"""Indexes and constraints of large tables in use, made without a lock that intake or the console waits for."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('leads', '0003_watching_imports_and_trials')]

    operations = [
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_of_import"', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='submission',
            index=models.Index(condition=models.Q(('imported_in__isnull', False)), fields=['imported_in', 'row_number'], name='submission_of_import'),
        ),
        ValidateConstraint(model_name='lead', name='lead_status_known'),
        ValidateConstraint(model_name='submission', name='submission_door_known'),
    ]
