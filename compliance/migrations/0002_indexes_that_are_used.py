"""These tables are large and in use: indexes come and go without a lock that intake or the console waits for.

Each step can be run again, should the one before have been interrupted: an index left half built is made anew.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# Names, tables and columns of the indexes that Django gave the foreign keys; the constraints stay.
UNUSED = (
    ("compliance_certificate_business_id_203fab9d", "compliance_certificate", "business_id"),
    ("compliance_certificatecheck_business_id_a1ddec09", "compliance_certificatecheck", "business_id"),
)
NEW = ("certificate_of_business", "check_of_business")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0001_initial'),
        ('compliance', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            [f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"' for name in NEW], migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            model_name='certificate',
            index=models.Index(fields=['business', 'id'], name='certificate_of_business'),
        ),
        AddIndexConcurrently(
            model_name='certificatecheck',
            index=models.Index(fields=['business', 'id'], name='check_of_business'),
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
                    model_name='certificate',
                    name='business',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='accounts.business'),
                ),
                migrations.AlterField(
                    model_name='certificatecheck',
                    name='business',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business'),
                ),
            ],
        ),
    ]
