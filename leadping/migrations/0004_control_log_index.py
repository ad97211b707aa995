"""Indexes and proofs on the table of events, made while it is in use.

Each step can be run again, should the one before have been interrupted: an index left half built is made anew.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

NEW = ("event_to_chain", "event_number_once", "event_in_chain")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0002_people'),
        ('leadping', '0003_event_chain'),
    ]

    operations = [
        migrations.RunSQL(
            [f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"' for name in NEW], migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            model_name='event',
            index=models.Index(condition=models.Q(('chain_number__isnull', True), models.Q(('fold_key__isnull', False), ('kind__startswith', 'lead.'), ('kind__startswith', 'submission.'), ('kind__startswith', 'certificate.'), ('kind__startswith', 'conversation.'), _connector='OR', _negated=True)), fields=['business', 'id'], name='event_to_chain'),
        ),
        AddIndexConcurrently(
            model_name='event',
            index=models.Index(condition=models.Q(('chain_number__isnull', False)), fields=['business', 'id'], name='event_in_chain'),
        ),
        migrations.SeparateDatabaseAndState(
            # A constraint with a condition is but a unique index to PostgreSQL.
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY "event_number_once" ON "leadping_event"'
                    ' ("business_id", "chain_number") NULLS NOT DISTINCT WHERE "chain_number" IS NOT NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "event_number_once"',
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='event',
                    constraint=models.UniqueConstraint(condition=models.Q(('chain_number__isnull', False)), fields=('business', 'chain_number'), name='event_number_once', nulls_distinct=False),
                ),
            ],
        ),
        ValidateConstraint(model_name='event', name='event_number_with_hash'),
        migrations.RunSQL(
            'ALTER TABLE "leadping_event" VALIDATE CONSTRAINT "leadping_event_chain_number_check"',
            migrations.RunSQL.noop,
        ),
    ]
