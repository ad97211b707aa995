"""Which checks of a certificate a source's leads go through, what follows from each, and its limits."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from leadping.verdicts import Effect

# Beyond which nobody needs to know from which address somebody came.
PEOPLE_DAYS_MOST = 90


class CheckEffect(models.TextChoices):
    OFF = Effect.OFF.value, "Off"
    WARN = Effect.WARN.value, "Warn"
    HOLD = Effect.HOLD.value, "Hold for audit"
    REFUSE = Effect.REFUSE.value, "Refuse"


class OptIn(models.TextChoices):
    MANUAL = "manual", "The person ticks or clicks it"
    PRE_SELECTED = "pre-selected", "Ticked beforehand"
    NON_INTERACTIVE = "non-interactive", "Nothing to tick"


def effect(name: str, help_text: str, *, usual: CheckEffect = CheckEffect.OFF) -> models.CharField:
    """What becomes of a lead that fails the check. While it is off nothing is asked for it."""
    return models.CharField(
        name, max_length=10, choices=CheckEffect.choices, default=usual, help_text=help_text
    )


def limit(name: str, usual: int, least: int, most: int, help_text: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        name,
        default=usual,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=f"{help_text} From {least:,} to {most:,}.",
    )


def phrases(name: str, help_text: str) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=2000), verbose_name=name, default=list, blank=True, help_text=help_text
    )


def opt_ins() -> list[str]:
    return [OptIn.MANUAL.value]


class CertificateCheckSettings(models.Model):
    """Each effect is named for the code of its check."""

    certificate_not_found_effect = effect(
        "no such certificate",
        "TrustedForm knows no such certificate, or it is too old to be asked about.",
        usual=CheckEffect.REFUSE,
    )
    certificate_invented_effect = effect(
        "invented",
        "TrustedForm never made a certificate with this id. Asked where it knows no such certificate, and "
        "treated no better than that. Whether this question is billed is not known.",
    )
    certificate_not_claimable_effect = effect(
        "made in test mode",
        "The publisher left TrustedForm's test mode on; such a certificate cannot be kept.",
        usual=CheckEffect.REFUSE,
    )
    certificate_expired_effect = effect(
        "expired",
        "Judged where TrustedForm tells when it expires, or that it was made once.",
        usual=CheckEffect.REFUSE,
    )
    certificate_overclaimed_effect = effect(
        "claimed too often",
        "TrustedForm says that it was claimed too many times.",
        usual=CheckEffect.HOLD,
    )
    certificate_mismatch_effect = effect(
        "neither phone nor email matches",
        "The certificate shows neither the lead's phone nor its email.",
        usual=CheckEffect.HOLD,
    )
    certificate_phone_mismatch_effect = effect(
        "phone does not match",
        "Demands that the phone matches on its own; a matching email is not enough then.",
    )
    certificate_email_mismatch_effect = effect(
        "email does not match", "Demands that the email matches on its own."
    )
    certificate_too_old_effect = effect(
        "too old", "The person was last active on the page longer ago than is allowed. Billed: insights."
    )
    certificate_age_minutes = limit(
        "minutes at most", 20, 1, 129_600, "Since the person was last active on the page."
    )
    certificate_other_page_effect = effect(
        "another page",
        "The form was on a host that is neither that of a landing page or website in the terms in force nor "
        "below it. Not judged where the certificate is masked. Billed: insights.",
    )
    certificate_masked_effect = effect("masked", "The certificate hides whose page it is. Billed: insights.")
    certificate_framed_effect = effect(
        "framed", "The form was shown in a frame of another page. Billed: insights."
    )
    certificate_owner_unknown_effect = effect(
        "publisher not verified",
        "TrustedForm knows no verified account that made the certificate. Billed: insights.",
    )
    certificate_other_ip_effect = effect(
        "another IP address",
        "The lead names another IP address of the person than the certificate. Not judged where the lead "
        "comes without one. Billed: insights.",
    )
    certificate_shared_ip_effect = effect(
        "one IP address, many people",
        "More people than are allowed came from the person's address, through any source of the business. "
        "It is the certificate's where “another IP address” is on, else the one that the lead names.",
    )
    certificate_people_most = limit(
        "people at most", 5, 1, 500, "The same phone or email is the same person."
    )
    certificate_people_days = limit(
        "within days",
        7,
        1,
        PEOPLE_DAYS_MOST,
        "How far back they are counted, from when the check was switched on.",
    )
    certificate_other_state_effect = effect(
        "another state",
        "The person's internet address lies in another state than the lead says; a guess of TrustedForm's, "
        "often wrong for phones. Billed: insights.",
    )
    certificate_other_device_effect = effect(
        "another browser",
        "The lead names another browser of the person than the certificate; where that tells the device "
        "alone, as those of apps do, another device. Billed: insights.",
    )
    certificate_bot_effect = effect("program at work", "A program filled in the form. Billed: insights.")
    certificate_too_fast_effect = effect(
        "too fast",
        "The form was filled in faster than a person does it. Billed: insights.",
    )
    certificate_seconds_least = limit("seconds on the page at least", 5, 0, 3600, "Fewer are too fast.")
    certificate_keys_per_minute_most = limit(
        "keys a minute at most", 1000, 1, 100_000, "More are too fast; good typists reach 400."
    )
    certificate_pasted_effect = effect(
        "nothing typed",
        "All was pasted or filled in beforehand; what a browser fills in by itself is ordinary. "
        "Billed: insights.",
    )
    certificate_hidden_content_effect = effect(
        "hidden parts", "Parts of the page are hidden in the certificate. Billed: insights."
    )
    certificate_not_submitted_effect = effect(
        "not submitted", "The form is not shown to have been submitted. Billed: verify."
    )
    certificate_wording_unapproved_effect = effect(
        "wording not approved",
        "The page showed no consent wording that is approved in our TrustedForm account. Billed: verify.",
    )
    certificate_phrase_missing_effect = effect(
        "required phrase missing", "The page did not show one of the phrases below. Billed: insights."
    )
    certificate_phrases_required = phrases(
        "required phrases",
        "One a line; case and spaces do not matter, all else does. None means the consent wording of the "
        "terms in force.",
    )
    certificate_phrase_forbidden_effect = effect(
        "forbidden phrase shown", "The page showed one of the phrases below. Billed: insights."
    )
    certificate_phrases_forbidden = phrases(
        "forbidden phrases",
        "One a line, such as promises of a reward. None means that none is looked for.",
    )
    certificate_advertiser_missing_effect = effect(
        "advertiser not named",
        "The person is not shown to have agreed to be contacted by the advertiser below; needs consent tags "
        "on the page. Billed: verify.",
    )
    certificate_advertiser = models.CharField(
        "advertiser",
        max_length=200,
        blank=True,
        help_text="As the page names it. Empty means the sender brand of the terms in force.",
    )
    certificate_opt_in_type_effect = effect(
        "other kind of opt-in", "An opt-in of the form is of a kind that is not allowed. Billed: verify."
    )
    certificate_opt_in_types = ArrayField(
        models.CharField(max_length=20, choices=OptIn.choices),
        verbose_name="allowed kinds of opt-in",
        default=opt_ins,
        help_text="Every opt-in of the form must be of one of these. None ticked leaves them as they were.",
    )
    certificate_small_print_effect = effect(
        "hard to read", "The consent wording is smaller or paler than is allowed. Billed: verify."
    )
    certificate_font_px_least = limit(
        "font size at least (px)", 13, 1, 100, "10 points are 13 px. Of the smallest text of the wording."
    )
    certificate_contrast_least = models.DecimalField(
        "contrast at least",
        max_digits=3,
        decimal_places=1,
        default=Decimal("4.5"),
        validators=[MinValueValidator(1), MaxValueValidator(21)],
        help_text="Of text and ground, such as 4.5 to 1. From 1 to 21.",
    )
    certificate_asks_expiry = models.BooleanField(
        "ask when it expires",
        default=False,
        help_text="Also where no check needs it. Billed: insights; a plan without them answers nothing at "
        "all then.",
    )

    class Meta:
        abstract = True


EFFECT = "_effect"
EFFECT_COLUMNS = tuple(
    field.name for field in CertificateCheckSettings._meta.local_fields if field.name.endswith(EFFECT)
)


def effects_known() -> Q:
    known = Q()
    for name in EFFECT_COLUMNS:
        known &= Q((f"{name}__in", CheckEffect.values))
    return known


CONSTRAINTS = (
    models.CheckConstraint(condition=effects_known(), name="settings_certificate_effects_known"),
    models.CheckConstraint(
        condition=Q(certificate_age_minutes__range=(1, 129_600))
        & Q(certificate_seconds_least__range=(0, 3600))
        & Q(certificate_keys_per_minute_most__range=(1, 100_000))
        & Q(certificate_font_px_least__range=(1, 100))
        & Q(certificate_contrast_least__range=(1, 21))
        & Q(certificate_people_most__range=(1, 500))
        & Q(certificate_people_days__range=(1, PEOPLE_DAYS_MOST)),
        name="settings_certificate_limits_in_range",
    ),
    models.CheckConstraint(
        condition=Q(certificate_opt_in_types__contained_by=OptIn.values),
        name="settings_certificate_opt_ins_known",
    ),
)
