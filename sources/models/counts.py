"""What is counted of a source, in the database so that all processes share it."""

from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from sources.models.source import Source


class RequestCount(models.Model):
    """How many requests a source sent in one minute; kept only for sources with a limit."""

    pk = models.CompositePrimaryKey("source_id", "minute")
    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, db_index=False, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.source_id} {self.minute}: {self.count}"


class CapCount(models.Model):
    """How many leads a source brought in one hour, day or month; kept only for sources with such a cap."""

    pk = models.CompositePrimaryKey("source_id", "period", "starts_at")

    class Period(models.TextChoices):
        HOUR = "hour", "Hour"
        DAY = "day", "Day"
        MONTH = "month", "Month"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, db_index=False, related_name="+")
    period = models.CharField(max_length=5, choices=Period.choices)
    # In the source's time zone the period begins here.
    starts_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period__in=["hour", "day", "month"]), name="cap_count_period_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.period} from {self.starts_at}: {self.count}"
