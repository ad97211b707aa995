"""What is remembered from minute to minute of sources with thresholds, so that not all of them need be read
each time."""

from django.db import models
from django.db.models import Q

from sources.models import Source


class ThresholdLook(models.Model):
    """How a source that was not paused looked when it was last held against its thresholds."""

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="+")
    # The source's at that time: with each change of it or of its settings it is looked at again.
    version = models.PositiveIntegerField()
    # It would have been paused, had it sent enough: then anything that it sends may be what was missing.
    nearly = models.BooleanField()

    def __str__(self) -> str:
        return f"Look at {self.source_id}"


class ThresholdReach(models.Model):
    """Until when everything that came in was held against the thresholds; one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="threshold_reach_one")]

    def __str__(self) -> str:
        return f"until {self.until}"
