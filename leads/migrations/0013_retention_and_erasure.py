"""The large tables first, as in 0004: one statement that looks at no row and locks everybody out for an instant, then
what has to be built or held against each row, without a lock that anybody waits for. Each of these steps can be run
again, should it have been interrupted. The new tables come last, for they cannot.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import leadping.ids
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


AT_ONCE = """
ALTER TABLE "leads_complaint" ADD COLUMN IF NOT EXISTS "erased_at" timestamp with time zone NULL;
ALTER TABLE "leads_submission" ADD COLUMN IF NOT EXISTS "erased_at" timestamp with time zone NULL;
ALTER TABLE "leads_submission" ALTER COLUMN "ip" DROP NOT NULL;
ALTER TABLE "leads_lead" ADD COLUMN IF NOT EXISTS "erased_at" timestamp with time zone NULL;
ALTER TABLE "leads_lead" DROP CONSTRAINT IF EXISTS "lead_contact_given";
ALTER TABLE "leads_lead" ADD CONSTRAINT "lead_contact_given"
    CHECK (NOT ("email" = '' AND "phone" = '') OR "erased_at" IS NOT NULL) NOT VALID;
ALTER TABLE "leads_lead" DROP CONSTRAINT IF EXISTS "lead_erased_names_nobody";
ALTER TABLE "leads_lead" ADD CONSTRAINT "lead_erased_names_nobody"
    CHECK ("erased_at" IS NULL OR ("email" = '' AND "email_key" = '' AND "first_name" = '' AND "last_name" = ''
        AND "phone" = '' AND "phone_carrier" = '')) NOT VALID;
"""
# What was erased comes back no more, so that what held for every row before cannot be said of them again.
BACK = """
ALTER TABLE "leads_lead" DROP CONSTRAINT "lead_erased_names_nobody";
ALTER TABLE "leads_lead" DROP CONSTRAINT "lead_contact_given";
ALTER TABLE "leads_lead" DROP COLUMN "erased_at";
ALTER TABLE "leads_lead" ADD CONSTRAINT "lead_contact_given"
    CHECK (NOT ("email" = '' AND "phone" = '')) NOT VALID;
ALTER TABLE "leads_submission" DROP COLUMN "erased_at";
ALTER TABLE "leads_complaint" DROP COLUMN "erased_at";
"""
REMADE = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS "submission_to_purge" ON "leads_submission" ("received_at")
WHERE "body_purged_at" IS NULL AND "outcome" = 'refused'
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0002_people'),
        ('compliance', '0003_certificates_by_expiry'),
        ('conversations', '0002_indexes_that_are_used'),
        ('leads', '0012_certificate_uses'),
        ('sources', '0007_counts_without_sequences'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(AT_ONCE, BACK)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='lead',
                    name='lead_contact_given',
                ),
                migrations.AddField(
                    model_name='complaint',
                    name='erased_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='lead',
                    name='erased_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='submission',
                    name='erased_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AlterField(
                    model_name='submission',
                    name='ip',
                    field=models.GenericIPAddressField(null=True),
                ),
                migrations.AddConstraint(
                    model_name='lead',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('phone', ''), _negated=True), ('erased_at__isnull', False), _connector='OR'), name='lead_contact_given'),
                ),
                migrations.AddConstraint(
                    model_name='lead',
                    constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('email', ''), ('email_key', ''), ('first_name', ''), ('last_name', ''), ('phone', ''), ('phone_carrier', '')), _connector='OR'), name='lead_erased_names_nobody'),
                ),
            ],
        ),
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_of_nobody"', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='submission',
            index=models.Index(condition=models.Q(('erased_at', None), ('lead', None)), fields=['business', 'id'], name='submission_of_nobody'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "submission_to_purge"', REMADE),
            ],
            state_operations=[
                migrations.RemoveIndex(
                    model_name='submission',
                    name='submission_to_purge',
                ),
            ],
        ),
        ValidateConstraint(model_name='lead', name='lead_contact_given'),
        ValidateConstraint(model_name='lead', name='lead_erased_names_nobody'),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('contact_hashes', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(max_length=32), size=None)),
                ('lead_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('counts', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.CharField(max_length=80)),
                ('reason', models.TextField()),
                ('business', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
            ],
        ),
        migrations.CreateModel(
            name='LastPurge',
            fields=[
                ('pk', models.CompositePrimaryKey('business_id', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('refused_requests', 'What requests without a lead said'), ('taken_requests', 'Bodies of requests that made a lead'), ('senders', 'Addresses that requests came from'), ('dropped_leads', 'People of leads that came to nothing'), ('accepted_leads', 'People of accepted leads'), ('certificate_answers', "TrustedForm's answers as they came"), ('complaints', 'Words of closed complaints'), ('import_files', 'Files that nobody imported')], max_length=20)),
                ('at', models.DateTimeField()),
                ('purged', models.PositiveIntegerField()),
                ('on_hold', models.PositiveIntegerField(default=0)),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
            ],
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('lead', 'One lead'), ('person', 'A person'), ('source', 'A source'), ('business', 'The whole business')], max_length=8)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('email', models.CharField(blank=True, max_length=320)),
                ('contact_hashes', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(max_length=32), default=list, size=None)),
                ('reason', models.TextField()),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('placed_by', models.CharField(max_length=80)),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.CharField(blank=True, max_length=80)),
                ('released_reason', models.TextField(blank=True)),
                ('business', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='leads.lead')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='sources.source')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionPeriod',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('refused_requests', 'What requests without a lead said'), ('taken_requests', 'Bodies of requests that made a lead'), ('senders', 'Addresses that requests came from'), ('dropped_leads', 'People of leads that came to nothing'), ('accepted_leads', 'People of accepted leads'), ('certificate_answers', "TrustedForm's answers as they came"), ('complaints', 'Words of closed complaints'), ('import_files', 'Files that nobody imported')], max_length=20)),
                ('days', models.PositiveIntegerField(null=True)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.CharField(max_length=80)),
                ('business', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
            ],
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(fields=['business', 'id'], name='erasure_of_business'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['business'], name='legal_hold_active'),
        ),
        migrations.AddIndex(
            model_name='legalhold',
            index=models.Index(fields=['business', 'id'], name='legal_hold_of_business'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_hashes', []), ('lead__isnull', False), ('scope', 'lead'), ('source', None)), models.Q(('contact_hashes', []), ('lead', None), ('scope', 'source'), ('source__isnull', False)), models.Q(('contact_hashes', []), ('lead', None), ('scope', 'business'), ('source', None)), models.Q(('lead', None), ('scope', 'person'), ('source', None), models.Q(('contact_hashes', []), _negated=True)), _connector='OR'), name='legal_hold_on_one'),
        ),
        migrations.AddConstraint(
            model_name='legalhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('phone', '')), models.Q(('released_at', None), ('scope', 'person')), _connector='OR'), name='legal_hold_names_while_it_holds'),
        ),
        migrations.AddConstraint(
            model_name='retentionperiod',
            constraint=models.UniqueConstraint(fields=('business', 'kind'), name='retention_period_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionperiod',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['refused_requests', 'taken_requests', 'senders', 'dropped_leads', 'accepted_leads', 'certificate_answers', 'complaints', 'import_files'])), name='retention_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='retentionperiod',
            constraint=models.CheckConstraint(condition=models.Q(('days', None), ('days__gt', 0), _connector='OR'), name='retention_days_some'),
        ),
    ]
