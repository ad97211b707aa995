"""What people, carriers and buyers hold against a source or one of its leads."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.lead import Lead
from sources.models import Source


class Complaint(Row):
    """A complaint, a dispute or an opt-out, about a source or one lead of it. Open until it has an outcome;
    an opt-out is closed as it is recorded, for there is nothing to find out."""

    PREFIX = "complaint"

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "Complaint"
        DISPUTE = "dispute", "Dispute"
        OPT_OUT = "opt_out", "Opt-out"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "Upheld"
        UNFOUNDED = "unfounded", "Unfounded"
        SETTLED = "settled", "Settled"
        HONOURED = "honoured", "Honoured"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="complaints")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="complaints")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    raised_by = models.CharField(
        max_length=200, blank=True, help_text="Who holds it against us: the person, a carrier, a regulator."
    )
    details = models.TextField(help_text="What is held against the source or the lead, in their words.")
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    # When the words of it went, with the person's or as their time was over.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["complaint", "dispute", "opt_out"]), name="complaint_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "upheld", "unfounded", "settled", "honoured"]),
                name="complaint_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="complaint_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(kind="opt_out") | Q(closed_at__isnull=False), name="complaint_opt_out_closed"
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="complaint_of_business"),
            models.Index(fields=["source", "opened_at"], name="complaint_of_source"),
            models.Index(fields=["source"], name="complaint_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} about {self.lead or self.source}"
