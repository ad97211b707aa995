"""What the worker found about sources as they stand now, for the first page to read a handful of rows."""

from django.db import models

from leadping.accounts.models import Business
from leads.models.lead import Lead
from sources.models import Source


class FailingSource(models.Model):
    """Its requests of the last 24 hours mostly came to nothing, or to much less than before.

    `leads/watching/failing.py` alone writes it, each minute. `before` is the share that was refused in the
    week before, where enough came to say so; `code` refused most.
    """

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="+")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    requests = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    before = models.FloatField(null=True)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["business", "-refused"], name="failing_of_business")]

    def __str__(self) -> str:
        return f"{self.source_id} refused {self.refused} of {self.requests}"


class PerishingSource(models.Model):
    """Some of its certificates are about to be lost: how many, and the first of them, which goes at `at`.

    `leads/watching/perishing.py` alone writes it, each hour.
    """

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="+")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    certificates = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["business", "at"], name="perishing_of_business")]

    def __str__(self) -> str:
        return f"{self.source_id} loses {self.certificates} from {self.at}"
