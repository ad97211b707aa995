"""How much of what came in, counted by stretches of time, so that pages need not count submissions."""

from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from sources.models import Source


class Tally(models.Model):
    """What came in during one minute, hour or day, which begins at `starts_at` in UTC; or during all hours or
    days of a span that a page shows but the one that is running, added up: see `leads/watching/closing.py`.

    `leads/watching/tallying.py` alone writes it. A request counts once among the outcomes, or as a dry run or
    a replay, which are none. Codes count what held or refused, with the number of requests.
    """

    class Period(models.TextChoices):
        MINUTE = "minute", "Minute"
        HOUR = "hour", "Hour"
        DAY = "day", "Day"
        CLOSED_24_HOURS = "24h", "Closed hours of 24"
        CLOSED_7_DAYS = "7d", "Closed days of 7"
        CLOSED_30_DAYS = "30d", "Closed days of 30"
        CLOSED_90_DAYS = "90d", "Closed days of 90"

    period = models.CharField(max_length=6, choices=Period.choices)
    starts_at = models.DateTimeField()
    accepted = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    replayed = models.PositiveIntegerField(default=0)
    dry_runs = models.PositiveIntegerField(default=0)
    # Requests that came with a certificate at fault, whatever its effect.
    bad_certificates = models.PositiveIntegerField(default=0)
    opt_outs = models.PositiveIntegerField(default=0)
    complaints = models.PositiveIntegerField(default=0)
    disputes = models.PositiveIntegerField(default=0)
    # What the leads taken cost, of those that cost something: see Lead.cost.
    spent = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    held_codes = models.JSONField(default=dict)
    refused_codes = models.JSONField(default=dict)

    class Meta:
        abstract = True


class SourceTally(Tally):
    pk = models.CompositePrimaryKey("source_id", "period", "starts_at")
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__in=["minute", "hour", "day", "24h", "7d", "30d", "90d"]),
                name="source_tally_period_known",
            )
        ]
        indexes = [
            models.Index(fields=["business", "period", "starts_at"], name="source_tally_of_business"),
            models.Index(fields=["period", "starts_at"], name="source_tally_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.period} from {self.starts_at}"


class BusinessTally(Tally):
    """The sum over all sources of a business, deleted ones too."""

    pk = models.CompositePrimaryKey("business_id", "period", "starts_at")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__in=["minute", "hour", "day"]), name="business_tally_period_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.business_id} {self.period} from {self.starts_at}"


class TallyReach(models.Model):
    """From when until when everything that came in is tallied; one row, and none before the first time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    until = models.DateTimeField()
    # When the closed parts of the spans were added up last, and from when on anything was counted since.
    closed_at = models.DateTimeField(null=True)
    changed_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="tally_reach_one")]

    def __str__(self) -> str:
        return f"from {self.since} until {self.until}"
