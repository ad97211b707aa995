"""The table is large and in use: the index comes without a lock that intake waits for."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [('compliance', '0002_indexes_that_are_used')]

    operations = [
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS "check_by_expiry"', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='certificatecheck',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='check_by_expiry'),
        ),
    ]
