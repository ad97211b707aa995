"""A row that is judged again is a new attempt beside the first; taken in from its file it still is but once.
Made while the table is in use; the old index goes when the new one stands."""

from django.db import migrations, models

MAKE = (
    'CREATE UNIQUE INDEX CONCURRENTLY "submission_row_taken_once" ON "leads_submission"'
    ' ("imported_in_id", "row_number", "repeats_id") NULLS NOT DISTINCT WHERE "imported_in_id" IS NOT NULL'
)
MAKE_OLD = (
    'CREATE UNIQUE INDEX CONCURRENTLY "submission_row_once" ON "leads_submission"'
    ' ("imported_in_id", "row_number") WHERE "imported_in_id" IS NOT NULL'
)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('leads', '0009_closed_spans_and_what_fails')]

    operations = [
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_row_taken_once"', migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            # A constraint with a condition is but a unique index to PostgreSQL.
            database_operations=[
                migrations.RunSQL(MAKE, 'DROP INDEX CONCURRENTLY IF EXISTS "submission_row_taken_once"'),
                migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_row_once"', MAKE_OLD),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name='submission', name='submission_row_once'),
                migrations.AddConstraint(
                    model_name='submission',
                    constraint=models.UniqueConstraint(condition=models.Q(('imported_in__isnull', False)), fields=('imported_in', 'row_number', 'repeats'), nulls_distinct=False, name='submission_row_taken_once'),
                ),
            ],
        ),
    ]
