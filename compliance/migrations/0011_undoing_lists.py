"""Lists that are undone, and what else demands that one of their contacts stays suppressed.

What demanded an entry of a list once more was not noted until now, so undoing releases none that are there
already."""

from django.db import migrations, models
from django.db.models import Q

STATUSES = ['uploaded', 'checking', 'checked', 'importing', 'imported', 'failed', 'undoing', 'undone']
LABELS = ['Uploaded', 'Being checked', 'Checked', 'Being imported', 'Imported', 'Failed', 'Being undone', 'Undone']
KNOWN = 'suppression_import_status_known'


class Migration(migrations.Migration):

    dependencies = [('compliance', '0010_certificates_told_apart')]

    operations = [
        migrations.AddField('suppression', 'also_origin', models.CharField(blank=True, db_default='', default='', max_length=9)),
        migrations.AddField('suppression', 'also_at', models.DateTimeField(null=True)),
        migrations.RunSQL(
            """
            UPDATE compliance_suppression SET also_at = now(), also_origin = origin
            WHERE imported_in_id IS NOT NULL AND released_at IS NULL AND created_at > now() - interval '8 days'
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddField('suppressionimport', 'undone_at', models.DateTimeField(null=True)),
        migrations.AddField('suppressionimport', 'undone_by', models.CharField(blank=True, default='', max_length=80), preserve_default=False),
        migrations.AddField('suppressionimport', 'undone_reason', models.TextField(blank=True, default=''), preserve_default=False),
        migrations.AlterField(
            'suppressionimport', 'status',
            models.CharField(choices=list(zip(STATUSES, LABELS)), default='uploaded', max_length=12),
        ),
        migrations.RemoveConstraint('suppressionimport', KNOWN),
        migrations.AddConstraint(
            'suppressionimport', models.CheckConstraint(condition=Q(status__in=STATUSES), name=KNOWN)
        ),
    ]
