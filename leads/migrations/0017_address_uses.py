"""Which IP addresses people came from, hashed."""

import django.db.models.deletion
import leadping.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_second_person'),
        ('leads', '0016_how_far_retaining_reaches'),
        ('sources', '0010_what_becomes_of_suppressed_contacts'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressUse',
            fields=[
                ('id', models.UUIDField(default=leadping.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('ip_hash', models.BinaryField(max_length=32)),
                ('phone_hash', models.BinaryField(max_length=32, null=True)),
                ('email_hash', models.BinaryField(max_length=32, null=True)),
                ('at', models.DateTimeField()),
                ('business', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.business')),
                ('lead', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='address_uses', to='leads.lead')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.source')),
            ],
            options={
                'indexes': [models.Index(fields=['business', 'ip_hash', 'id'], name='use_of_address')],
            },
        ),
    ]
