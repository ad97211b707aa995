"""How a source is run."""

from functools import cache
from ipaddress import ip_network
from zoneinfo import available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from leadping.accounts.models import Business
from leadping.verdicts import Effect
from sources.models.certificate_checks import CONSTRAINTS, CertificateCheckSettings
from sources.models.source import Source


@cache
def time_zones() -> frozenset[str]:
    """Asking for them walks through a folder of files."""
    return frozenset(available_timezones())


def known_time_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(f"There is no time zone “{name}”; an example is America/New_York.")


def network(text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError as error:
        raise ValidationError(f"“{text}” is no IP address or network such as 203.0.113.0/24.") from error


def percentage(name: str, help_text: str) -> models.PositiveSmallIntegerField:
    """A share from which on a source is paused."""
    return models.PositiveSmallIntegerField(
        name,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=help_text,
    )


def newest(name: str) -> models.PositiveSmallIntegerField:
    """How many submissions a share is taken of; nothing is paused before as many came."""
    return models.PositiveSmallIntegerField(
        name, default=50, validators=[MinValueValidator(5), MaxValueValidator(1000)]
    )


class SourceSettings(CertificateCheckSettings):
    """How we run a source; changed at once, with an event."""

    class DuplicateRule(models.TextChoices):
        OFF = Effect.OFF.value, "Off"
        WARN = Effect.WARN.value, "Warn"
        KEEP = Effect.KEEP.value, "Keep with the status “duplicate”"
        HOLD = Effect.HOLD.value, "Hold for audit"
        REFUSE = Effect.REFUSE.value, "Refuse"

    class OutagePolicy(models.TextChoices):
        HOLD = Effect.HOLD.value, "Hold and ask again"
        REFUSE = Effect.REFUSE.value, "Refuse"

    class ReuseRule(models.TextChoices):
        OFF = Effect.OFF.value, "Off"
        WARN = Effect.WARN.value, "Warn"
        HOLD = Effect.HOLD.value, "Hold for audit"
        REFUSE = Effect.REFUSE.value, "Refuse"

    class Stop(models.TextChoices):
        """What happens to a lead that a limit of ours stops."""

        REFUSE = Effect.REFUSE.value, "Refuse"
        HOLD = Effect.HOLD.value, "Hold for audit"

    class DisputeRule(models.TextChoices):
        OFF = Effect.OFF.value, "Off"
        WARN = Effect.WARN.value, "Warn"
        HOLD = Effect.HOLD.value, "Hold for audit"

    class SuppressionRule(models.TextChoices):
        OFF = Effect.OFF.value, "Off"
        WARN = Effect.WARN.value, "Warn"
        HOLD = Effect.HOLD.value, "Hold for audit"
        REFUSE = Effect.REFUSE.value, "Refuse"

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="settings")
    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    tags = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="Put on each new lead of this source.",
    )
    cost_per_lead = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    duplicate_rule = models.CharField(
        max_length=10,
        choices=DuplicateRule.choices,
        default=DuplicateRule.OFF,
        help_text="What to do with a lead whose external id, phone or email came through this source before.",
    )
    duplicate_window_hours = models.PositiveIntegerField(
        "duplicate window (hours)", default=24 * 30, validators=[MinValueValidator(1)]
    )
    certificate_reuse = models.CharField(
        "a certificate used before",
        max_length=10,
        choices=ReuseRule.choices,
        default=ReuseRule.WARN,
        db_default=ReuseRule.WARN,
        help_text="What to do with a lead whose certificate came with another person or through another "
        "source. The same phone or email is the same person.",
    )
    outage_policy = models.CharField(
        max_length=10,
        choices=OutagePolicy.choices,
        default=OutagePolicy.HOLD,
        help_text="What to do with a lead whose certificate cannot be asked about.",
    )
    rate_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Requests a minute before the answer is 429. Empty means no limit."
    )

    time_zone = models.CharField(
        max_length=64,
        default="America/New_York",
        validators=[known_time_zone],
        help_text="An IANA name. The schedule's hours and the days and months of caps are counted in it.",
    )
    schedule_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        default=list,
        blank=True,
        help_text="Days on which leads are taken, Monday being 0. None given means every day.",
    )
    schedule_from = models.TimeField(
        "leads from", null=True, blank=True, help_text="Empty means all day. Leads are taken from here on …"
    )
    schedule_until = models.TimeField(
        "leads until",
        null=True,
        blank=True,
        help_text="… until just before here. Earlier than “from” spans midnight.",
    )
    schedule_effect = models.CharField(
        "outside the schedule",
        max_length=10,
        choices=Stop.choices,
        default=Stop.REFUSE,
        help_text="What to do with a lead that comes at another time.",
    )
    cap_per_hour = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leads taken in an hour of the clock. Empty means no cap.",
    )
    cap_per_day = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leads taken from midnight to midnight. Empty means no cap.",
    )
    cap_per_month = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Leads taken in a calendar month. Empty means no cap.",
    )
    cap_effect = models.CharField(
        "above a cap",
        max_length=10,
        choices=Stop.choices,
        default=Stop.REFUSE,
        help_text="What to do with a lead above a cap.",
    )
    ip_list = ArrayField(
        models.CharField(max_length=50, validators=[network]),
        default=list,
        blank=True,
        help_text="Addresses or networks of the systems that post, such as 203.0.113.0/24. None means any.",
    )
    ip_effect = models.CharField(
        "from another address",
        max_length=10,
        choices=Stop.choices,
        default=Stop.REFUSE,
        help_text="What to do with a lead from an address that is not in the list.",
    )

    pause_bad_certificates = percentage(
        "pause at bad certificates (%)", "Of the last submissions with a certificate. Empty means never."
    )
    pause_bad_certificates_of = newest("of the last submissions with a certificate")
    pause_duplicates = percentage(
        "pause at duplicates (%)",
        "Of the last submissions. Needs a duplicate rule that is not off. Empty means never.",
    )
    pause_duplicates_of = newest("duplicates of the last submissions")
    pause_refused = percentage("pause at refusals (%)", "Of the last submissions. Empty means never.")
    pause_refused_of = newest("refusals of the last submissions")
    pause_complaints = models.PositiveIntegerField(
        "pause at complaints",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Complaints and disputes, closed or not, but none found unfounded. Empty means never.",
    )
    pause_complaints_days = models.PositiveSmallIntegerField(
        "complaints of the last days",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    dispute_effect = models.CharField(
        "while a dispute is open",
        max_length=10,
        choices=DisputeRule.choices,
        default=DisputeRule.OFF,
        help_text="What to do with leads while a complaint or dispute about the source is open.",
    )

    # With a default of the database's own, so that no row has to be rewritten.
    suppression_effect = models.CharField(
        "a suppressed contact",
        max_length=10,
        choices=SuppressionRule.choices,
        default=SuppressionRule.HOLD,
        db_default=SuppressionRule.HOLD.value,
        help_text="What to do with a lead whose phone or email is on the suppression list.",
    )

    support_contact = models.CharField(
        max_length=200, blank=True, help_text="Who mends the source when it fails."
    )
    notes = models.TextField(blank=True)
    # A person confirmed that the first outreach workflow is ready for this source's leads.
    outreach_ready_at = models.DateTimeField(null=True, editable=False)
    outreach_ready_by = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "settings"
        constraints = [
            *CONSTRAINTS,
            models.CheckConstraint(
                condition=Q(duplicate_rule__in=["off", "warn", "keep", "hold", "refuse"]),
                name="settings_duplicate_rule_known",
            ),
            models.CheckConstraint(
                condition=Q(certificate_reuse__in=["off", "warn", "hold", "refuse"]),
                name="settings_certificate_reuse_known",
            ),
            models.CheckConstraint(
                condition=Q(outage_policy__in=["hold", "refuse"]), name="settings_outage_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_window_hours__gte=1), name="settings_window_positive"
            ),
            models.CheckConstraint(
                condition=Q(schedule_effect__in=["hold", "refuse"])
                & Q(cap_effect__in=["hold", "refuse"])
                & Q(ip_effect__in=["hold", "refuse"]),
                name="settings_effects_known",
            ),
            models.CheckConstraint(
                condition=Q(dispute_effect__in=["off", "warn", "hold"]), name="settings_dispute_effect_known"
            ),
            models.CheckConstraint(
                condition=Q(suppression_effect__in=["off", "warn", "hold", "refuse"]),
                name="settings_suppression_effect_known",
            ),
            models.CheckConstraint(
                condition=(Q(pause_bad_certificates=None) | Q(pause_bad_certificates__range=(1, 100)))
                & (Q(pause_duplicates=None) | Q(pause_duplicates__range=(1, 100)))
                & (Q(pause_refused=None) | Q(pause_refused__range=(1, 100)))
                & (Q(pause_complaints=None) | Q(pause_complaints__gte=1)),
                name="settings_thresholds_in_range",
            ),
            models.CheckConstraint(
                condition=Q(schedule_from=None, schedule_until=None)
                | Q(schedule_from__isnull=False, schedule_until__isnull=False)
                & ~Q(schedule_from=F("schedule_until")),
                name="settings_schedule_whole",
            ),
            models.CheckConstraint(
                condition=(Q(cap_per_hour=None) | Q(cap_per_hour__gte=1))
                & (Q(cap_per_day=None) | Q(cap_per_day__gte=1))
                & (Q(cap_per_month=None) | Q(cap_per_month__gte=1)),
                name="settings_caps_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"Settings of {self.source}"
