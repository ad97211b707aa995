"""Columns that are empty on the rows there are; none is written anew."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('compliance', '0003_certificates_by_expiry')]

    operations = [
        migrations.AddField(
            model_name='certificatecheck',
            name='about',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='certificatecheck',
            name='source',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='certificatecheck',
            name='operations',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), null=True, size=None),
        ),
    ]
