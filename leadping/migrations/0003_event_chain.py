"""The table of events is large: columns come without a scan of it, indexes and proofs with the next migration."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import leadping.ids


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('leadping', '0002_jobs_without_notification'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainHead',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('hash', models.BinaryField(max_length=32)),
                ('sealed_until', models.UUIDField(null=True)),
                ('published', models.PositiveBigIntegerField(default=0)),
                ('business', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('business',), name='chain_head_once', nulls_distinct=False)],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='chain_hash',
            field=models.BinaryField(editable=False, max_length=32, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            # As Django would, but that it has the check read every row under a lock.
            database_operations=[
                migrations.RunSQL(
                    [
                        'ALTER TABLE "leadping_event" ADD COLUMN "chain_number" bigint NULL',
                        'ALTER TABLE "leadping_event" ADD CONSTRAINT "leadping_event_chain_number_check"'
                        ' CHECK ("chain_number" >= 0) NOT VALID',
                    ],
                    'ALTER TABLE "leadping_event" DROP COLUMN "chain_number"',
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='event',
                    name='chain_number',
                    field=models.PositiveBigIntegerField(editable=False, null=True),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chain_hash__isnull', True), ('chain_number__isnull', True)), models.Q(('chain_hash__isnull', False), ('chain_number__isnull', False)), _connector='OR'), name='event_number_with_hash'),
        ),
    ]
