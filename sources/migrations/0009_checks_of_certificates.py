"""Checks of certificates by source. Whoever had insights asked for is still told when each certificate
expires; all else is asked for where a check looks at it, and nowhere else, since each is billed."""

import django.contrib.postgres.fields
import django.core.validators
import sources.models.certificate_checks
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
        ('sources', '0008_certificate_reuse'),
    ]

    operations = [
        migrations.RenameField(
            model_name='sourcesettings', old_name='insights', new_name='certificate_asks_expiry'
        ),
        migrations.AlterField(
            model_name='sourcesettings',
            name='certificate_asks_expiry',
            field=models.BooleanField(default=False, help_text='Also where no check needs it. Billed: insights; a plan without them answers nothing at all then.', verbose_name='ask when it expires'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_advertiser',
            field=models.CharField(blank=True, help_text='As the page names it. Empty means the sender brand of the terms in force.', max_length=200, verbose_name='advertiser'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_advertiser_missing_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The person is not shown to have agreed to be contacted by the advertiser below; needs consent tags on the page. Billed: verify.', max_length=10, verbose_name='advertiser not named'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_age_minutes',
            field=models.PositiveIntegerField(default=20, help_text='Since the person was last active on the page. From 1 to 129,600.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(129600)], verbose_name='minutes at most'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_bot_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='A program filled in the form. Billed: insights.', max_length=10, verbose_name='program at work'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_contrast_least',
            field=models.DecimalField(decimal_places=1, default=Decimal('4.5'), help_text='Of text and ground, such as 4.5 to 1. From 1 to 21.', max_digits=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(21)], verbose_name='contrast at least'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_email_mismatch_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='Demands that the email matches on its own.', max_length=10, verbose_name='email does not match'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_expired_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='refuse', help_text='Judged where TrustedForm tells when it expires.', max_length=10, verbose_name='expired'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_font_px_least',
            field=models.PositiveIntegerField(default=13, help_text='10 points are 13 px. Of the smallest text of the wording. From 1 to 100.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='font size at least (px)'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_framed_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The form was shown in a frame of another page. Billed: insights.', max_length=10, verbose_name='framed'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_hidden_content_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='Parts of the page are hidden in the certificate. Billed: insights.', max_length=10, verbose_name='hidden parts'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_keys_per_minute_most',
            field=models.PositiveIntegerField(default=1000, help_text='More are too fast; good typists reach 400. From 1 to 100,000.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100000)], verbose_name='keys a minute at most'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_masked_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The certificate hides whose page it is. Billed: insights.', max_length=10, verbose_name='masked'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_mismatch_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='hold', help_text="The certificate shows neither the lead's phone nor its email.", max_length=10, verbose_name='neither phone nor email matches'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_not_claimable_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='refuse', help_text="The publisher left TrustedForm's test mode on; such a certificate cannot be kept.", max_length=10, verbose_name='made in test mode'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_not_found_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='refuse', help_text='TrustedForm knows no such certificate, or it is too old to be asked about.', max_length=10, verbose_name='no such certificate'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_not_submitted_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The form is not shown to have been submitted. Billed: verify.', max_length=10, verbose_name='not submitted'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_opt_in_type_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='An opt-in of the form is of a kind that is not allowed. Billed: verify.', max_length=10, verbose_name='other kind of opt-in'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_opt_in_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('manual', 'The person ticks or clicks it'), ('pre-selected', 'Ticked beforehand'), ('non-interactive', 'Nothing to tick')], max_length=20), default=sources.models.certificate_checks.opt_ins, help_text='Every opt-in of the form must be of one of these. None ticked leaves them as they were.', size=None, verbose_name='allowed kinds of opt-in'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_other_device_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The lead names another browser of the person than the certificate. Billed: insights.', max_length=10, verbose_name='another browser'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_other_ip_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The lead names another IP address of the person than the certificate. Not judged where the lead comes without one. Billed: insights.', max_length=10, verbose_name='another IP address'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_other_page_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The form was on a host that is neither that of a landing page or website in the terms in force nor below it. Not judged where the certificate is masked. Billed: insights.', max_length=10, verbose_name='another page'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_other_state_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text="The person's internet address lies in another state than the lead says; a guess of TrustedForm's, often wrong for phones. Billed: insights.", max_length=10, verbose_name='another state'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_overclaimed_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='hold', help_text='TrustedForm says that it was claimed too many times.', max_length=10, verbose_name='claimed too often'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_owner_unknown_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='TrustedForm knows no verified account that made the certificate. Billed: insights.', max_length=10, verbose_name='publisher not verified'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_pasted_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='All was pasted or filled in beforehand; what a browser fills in by itself is ordinary. Billed: insights.', max_length=10, verbose_name='nothing typed'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_phone_mismatch_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='Demands that the phone matches on its own; a matching email is not enough then.', max_length=10, verbose_name='phone does not match'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_phrase_forbidden_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The page showed one of the phrases below. Billed: insights.', max_length=10, verbose_name='forbidden phrase shown'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_phrase_missing_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The page did not show one of the phrases below. Billed: insights.', max_length=10, verbose_name='required phrase missing'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_phrases_forbidden',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2000), blank=True, default=list, help_text='One a line, such as promises of a reward. None means that none is looked for.', size=None, verbose_name='forbidden phrases'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_phrases_required',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2000), blank=True, default=list, help_text='One a line; case and spaces do not matter, all else does. None means the consent wording of the terms in force.', size=None, verbose_name='required phrases'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_seconds_least',
            field=models.PositiveIntegerField(default=5, help_text='Fewer are too fast. From 0 to 3,600.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(3600)], verbose_name='seconds on the page at least'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_small_print_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The consent wording is smaller or paler than is allowed. Billed: verify.', max_length=10, verbose_name='hard to read'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_too_fast_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The form was filled in faster than a person does it. Billed: insights.', max_length=10, verbose_name='too fast'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_too_old_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The person was last active on the page longer ago than is allowed. Billed: insights.', max_length=10, verbose_name='too old'),
        ),
        migrations.AddField(
            model_name='sourcesettings',
            name='certificate_wording_unapproved_effect',
            field=models.CharField(choices=[('off', 'Off'), ('warn', 'Warn'), ('hold', 'Hold for audit'), ('refuse', 'Refuse')], default='off', help_text='The page showed no consent wording that is approved in our TrustedForm account. Billed: verify.', max_length=10, verbose_name='wording not approved'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_not_found_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_not_claimable_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_expired_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_overclaimed_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phone_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_email_mismatch_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_too_old_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_page_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_masked_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_framed_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_owner_unknown_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_ip_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_state_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_other_device_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_bot_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_too_fast_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_pasted_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_hidden_content_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_not_submitted_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_wording_unapproved_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phrase_missing_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_phrase_forbidden_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_advertiser_missing_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_opt_in_type_effect__in', ['off', 'warn', 'hold', 'refuse']), ('certificate_small_print_effect__in', ['off', 'warn', 'hold', 'refuse'])), name='settings_certificate_effects_known'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_age_minutes__range', (1, 129600)), ('certificate_seconds_least__range', (0, 3600)), ('certificate_keys_per_minute_most__range', (1, 100000)), ('certificate_font_px_least__range', (1, 100)), ('certificate_contrast_least__range', (1, 21))), name='settings_certificate_limits_in_range'),
        ),
        migrations.AddConstraint(
            model_name='sourcesettings',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_opt_in_types__contained_by', ['manual', 'pre-selected', 'non-interactive'])), name='settings_certificate_opt_ins_known'),
        ),
    ]
