"""Whether a certificate was invented, and how many people may come from one IP address: both off."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_second_person'),
        ('sources', '0010_what_becomes_of_suppressed_contacts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sourcesettings',
            name='settings_certificate_effects_known',
        ),
        migrations.RemoveConstraint(
            model_name='sourcesettings',
            name='settings_certificate_limits_in_range',
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_invented_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='TrustedForm never made a certificate with this id. Asked where it knows no such certificate, and treated no better than that. Whether this question is billed is not known.', max_length=10, verbose_name='invented'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_people_days',
            field=models.PositiveIntegerField(default=7, help_text='How far back they are counted, from when the check was switched on. From 1 to 90.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='within days'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_people_most',
            field=models.PositiveIntegerField(default=5, help_text='The same phone or email is the same person. From 1 to 500.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)], verbose_name='people at most'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_shared_ip_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text="More people than are allowed came from the person's address, through any source of the business. It is the certificate's where “another IP address” is on, else the one that the lead names.", max_length=10, verbose_name='one IP address, many people'),
        ),
        migrations.AlterField(
            model_name='sourcesettings',
            name='certificate_expired_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='refuse', help_text='Judged where TrustedForm tells when it expires, or that it was made once.', max_length=10, verbose_name='expired'),
        ),
        migrations.AlterField(
            model_name='sourcesettings',
            name='certificate_other_device_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The lead names another browser of the person than the certificate; where that tells the device alone, as those of apps do, another device. Billed: insights.', max_length=10, verbose_name='another browser'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_not_found_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_invented_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_not_claimable_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_expired_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_overclaimed_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phone_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_email_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_too_old_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_page_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_masked_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_framed_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_owner_unknown_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_ip_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_shared_ip_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_state_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_device_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_bot_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_too_fast_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_pasted_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_hidden_content_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_not_submitted_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_wording_unapproved_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phrase_missing_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phrase_forbidden_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_advertiser_missing_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_opt_in_type_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_small_print_effect__in', ['off', 'warn', 'hold', 'refuse'])), name='settings_certificate_effects_known'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_age_minutes__range', (1, 129600)), ('certificate_seconds_least__range', (0, 3600)), ('certificate_keys_per_minute_most__range', (1, 100000)), ('certificate_font_px_least__range', (1, 100)), ('certificate_contrast_least__range', (1, 21)), ('certificate_people_most__range', (1, 500)), ('certificate_people_days__range', (1, 90))), name='settings_certificate_limits_in_range'),
        ),
    ]
