"""These tables are large and in use. The first step locks everybody out, but for an instant: it is one statement that
looks at no row. What has to be built or held against each row follows, without a lock that anybody waits for.

Django by itself would do both while it holds the lock: for the check of a new number, and for a foreign key
that may now be empty, which it makes anew. Each step can be run again, should it have been interrupted.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

AT_ONCE = """
ALTER TABLE "leads_lead" ADD COLUMN IF NOT EXISTS "cost" numeric(28, 20) NULL;
ALTER TABLE "leads_lead" DROP CONSTRAINT IF EXISTS "lead_status_known";
ALTER TABLE "leads_lead" ADD CONSTRAINT "lead_status_known"
    CHECK ("status" IN ('accepted', 'audit', 'duplicate', 'refused', 'withdrawn')) NOT VALID;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "repeated_by" varchar(80) DEFAULT '' NOT NULL;
ALTER TABLE "leads_submission" ALTER COLUMN "repeated_by" DROP DEFAULT;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "repeated_reason" text DEFAULT '' NOT NULL;
ALTER TABLE "leads_submission" ALTER COLUMN "repeated_reason" DROP DEFAULT;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "repeats_id" uuid NULL
    CONSTRAINT "leads_submission_repeats_id_c00ae5e8_fk_leads_submission_id"
    REFERENCES "leads_submission" ("id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "imported_in_id" uuid NULL
    CONSTRAINT "leads_submission_imported_in_id_cb6e48a4_fk_leads_import_id"
    REFERENCES "leads_import" ("id") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "row_number" integer NULL;
ALTER TABLE "leads_submission" DROP CONSTRAINT IF EXISTS "leads_submission_row_number_check";
ALTER TABLE "leads_submission" ADD CONSTRAINT "leads_submission_row_number_check"
    CHECK ("row_number" >= 0) NOT VALID;
ALTER TABLE "leads_submission" ALTER COLUMN "credential_id" DROP NOT NULL;
ALTER TABLE "leads_submission" DROP CONSTRAINT IF EXISTS "submission_door_known";
ALTER TABLE "leads_submission" ADD CONSTRAINT "submission_door_known"
    CHECK ("door" IN ('structured', 'flat', 'query', 'batch', 'import')) NOT VALID;
"""
BACK = """
ALTER TABLE "leads_lead" DROP COLUMN "cost";
ALTER TABLE "leads_lead" DROP CONSTRAINT "lead_status_known";
ALTER TABLE "leads_lead" ADD CONSTRAINT "lead_status_known"
    CHECK ("status" IN ('accepted', 'audit', 'duplicate', 'refused')) NOT VALID;
ALTER TABLE "leads_submission" DROP COLUMN "repeated_by", DROP COLUMN "repeated_reason", DROP COLUMN "repeats_id",
    DROP COLUMN "imported_in_id", DROP COLUMN "row_number";
ALTER TABLE "leads_submission" ALTER COLUMN "credential_id" SET NOT NULL;
ALTER TABLE "leads_submission" DROP CONSTRAINT "submission_door_known";
ALTER TABLE "leads_submission" ADD CONSTRAINT "submission_door_known"
    CHECK ("door" IN ('structured', 'flat', 'query')) NOT VALID;
"""
REPEATED_ONCE = """
CREATE UNIQUE INDEX CONCURRENTLY "submission_repeated_once" ON "leads_submission" ("repeats_id")
WHERE "repeats_id" IS NOT NULL
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('leads', '0003_watching_imports_and_trials')]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(AT_ONCE, BACK)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='lead',
                    name='lead_status_known',
                ),
                migrations.RemoveConstraint(
                    model_name='submission',
                    name='submission_door_known',
                ),
                migrations.AddField(
                    model_name='lead',
                    name='cost',
                    field=models.DecimalField(decimal_places=20, max_digits=28, null=True),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='repeated_by',
                    field=models.CharField(blank=True, max_length=80),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='repeated_reason',
                    field=models.TextField(blank=True),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='repeats',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leads.submission'),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='row_number',
                    field=models.PositiveIntegerField(null=True),
                ),
                migrations.AlterField(
                    model_name='lead',
                    name='status',
                    field=models.CharField(choices=[('accepted', 'Accepted'), ('audit', 'Held for audit'), ('duplicate', 'Duplicate'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=20),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='credential',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.credential'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='door',
                    field=models.CharField(choices=[('structured', 'POST /leads'), ('flat', 'POST /leads/intake'), ('query', 'GET /leads/intake'), ('batch', 'POST /leads/batch'), ('import', 'CSV import')], max_length=12),
                ),
                migrations.AddConstraint(
                    model_name='lead',
                    constraint=models.CheckConstraint(condition=models.Q(('status__in', ['accepted', 'audit', 'duplicate', 'refused', 'withdrawn'])), name='lead_status_known'),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='imported_in',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='leads.import'),
                ),
                migrations.AddConstraint(
                    model_name='submission',
                    constraint=models.CheckConstraint(condition=models.Q(('door__in', ['structured', 'flat', 'query', 'batch', 'import'])), name='submission_door_known'),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ['DROP INDEX CONCURRENTLY IF EXISTS "submission_repeated_once"', REPEATED_ONCE],
                    'DROP INDEX CONCURRENTLY IF EXISTS "submission_repeated_once"',
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='submission',
                    constraint=models.UniqueConstraint(condition=models.Q(('repeats__isnull', False)), fields=('repeats',), name='submission_repeated_once'),
                ),
            ],
        ),
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_of_import"', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='submission',
            index=models.Index(condition=models.Q(('imported_in__isnull', False)), fields=['imported_in', 'row_number'], name='submission_of_import'),
        ),
        ValidateConstraint(model_name='lead', name='lead_status_known'),
        migrations.RunSQL(
            'ALTER TABLE "leads_submission" VALIDATE CONSTRAINT "leads_submission_row_number_check"',
            migrations.RunSQL.noop,
        ),
        ValidateConstraint(model_name='submission', name='submission_door_known'),
    ]
