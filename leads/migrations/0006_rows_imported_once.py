"""A row of a file is taken in once: the index of an import's submissions becomes a unique one, made while the
table is in use."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('leads', '0005_import_steps')]

    operations = [
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_row_once"', migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            # A constraint with a condition is but a unique index to PostgreSQL.
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY "submission_row_once" ON "leads_submission"'
                    ' ("imported_in_id", "row_number") WHERE "imported_in_id" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "submission_row_once"',
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='submission',
                    constraint=models.UniqueConstraint(condition=models.Q(('imported_in__isnull', False)), fields=('imported_in', 'row_number'), name='submission_row_once'),
                ),
            ],
        ),
        RemoveIndexConcurrently(model_name='submission', name='submission_of_import'),
    ]
