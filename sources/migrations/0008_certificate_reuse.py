from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('sources', '0007_counts_without_sequences')]

    operations = [
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_reuse',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], db_default='warn', default='warn', help_text='What to do with a lead whose certificate came with another person or through another source. The same phone or email is the same person.', max_length=10, verbose_name='a certificate used before'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_reuse__in', ['off', 'warn', 'hold', 'refuse'])), name='settings_certificate_reuse_known'),
        ),
    ]
