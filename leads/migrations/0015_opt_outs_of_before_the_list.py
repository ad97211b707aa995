"""Who opted out before there was a suppression list stays left alone."""

from django.db import migrations

from leadping.contact_hash import contact_hash
from leadping.ids import public_id


def suppress_earlier(apps, schema_editor):
    complaints = apps.get_model('leads', 'Complaint').objects.filter(kind='opt_out', lead__isnull=False)
    made = [
        entry
        for complaint in complaints.select_related('lead').order_by('id').iterator()
        for entry in entries_of(complaint, apps.get_model('compliance', 'Suppression'))
    ]
    apps.get_model('compliance', 'Suppression').objects.bulk_create(made, ignore_conflicts=True, batch_size=500)


def entries_of(complaint, model):
    lead = complaint.lead
    for kind, value, channel in (('phone', lead.phone, 'all'), ('email', lead.email_key, 'email')):
        if value:
            yield model(
                business_id=complaint.business_id,
                kind=kind,
                value=value,
                contact_hash=contact_hash(kind, value),
                channel=channel,
                origin='opt_out',
                note=complaint.details[:2000],
                about=public_id('complaint', complaint.pk),
                created_at=complaint.opened_at,
                created_by=complaint.opened_by,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0006_suppression'),
        ('leads', '0014_overrides_and_evidence'),
    ]

    operations = [migrations.RunPython(suppress_earlier, migrations.RunPython.noop)]
