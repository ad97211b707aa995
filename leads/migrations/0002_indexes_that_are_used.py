"""These tables are large and in use: indexes come and go without a lock that intake or the console waits for.

Each step can be run again, should the one before have been interrupted: an index left half built is made anew.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Names, tables and columns of the indexes that Django gave the foreign keys; the constraints stay.
UNUSED = (
    ("leads_lead_account_id_d7b48dfa", "leads_lead", "account_id"),
    ("leads_lead_business_id_a50c58c3", "leads_lead", "business_id"),
    ("leads_lead_source_id_a5f74de9", "leads_lead", "source_id"),
    ("leads_lead_terms_id_51e921fb", "leads_lead", "terms_id"),
    ("leads_submission_business_id_c95b6a7e", "leads_submission", "business_id"),
    ("leads_submission_credential_id_ba4c8c78", "leads_submission", "credential_id"),
    ("leads_submission_lead_id_b3fa7f94", "leads_submission", "lead_id"),
    ("leads_submission_source_id_3800a374", "leads_submission", "source_id"),
    ("leads_submission_terms_id_9cda8514", "leads_submission", "terms_id"),
)
NEW = ("submission_not_accepted", "submission_to_purge", "submission_by_code")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0001_initial'),
        ('leads', '0001_initial'),
        ('sources', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            [f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"' for name in NEW], migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            model_name='submission',
            index=models.Index(condition=models.Q(('outcome', 'accepted'), _negated=True), fields=['business', 'outcome', 'id'], name='submission_not_accepted'),
        ),
        AddIndexConcurrently(
            model_name='submission',
            index=models.Index(condition=models.Q(('body_purged_at', None), ('outcome', 'refused')), fields=['received_at'], name='submission_to_purge'),
        ),
        AddIndexConcurrently(
            model_name='submission',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('codes', []), _negated=True), fields=['codes'], name='submission_by_code'),
        ),
        RemoveIndexConcurrently(
            model_name='submission',
            name='submission_refused',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"',
                    f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" ("{column}")',
                )
                for name, table, column in UNUSED
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='lead',
                    name='account',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='accounts.account'),
                ),
                migrations.AlterField(
                    model_name='lead',
                    name='business',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='accounts.business'),
                ),
                migrations.AlterField(
                    model_name='lead',
                    name='source',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='sources.source'),
                ),
                migrations.AlterField(
                    model_name='lead',
                    name='terms',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='sources.terms'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='business',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='accounts.business'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='credential',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.credential'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='lead',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='leads.lead'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='source',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='sources.source'),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='terms',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.terms'),
                ),
            ],
        ),
    ]
