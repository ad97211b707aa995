"""Evidence beside the certificate that came with a lead."""

from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.lead import Lead


class Evidence(Row):
    """A token of another service, such as a Jornaya LeadiD, as it came with the lead. `compliance/evidence`
    knows what kinds there are and what their tokens look like. Nobody asked the service about it."""

    PREFIX = "evidence"

    class State(models.TextChoices):
        NOT_VERIFIED = "not_verified", "Not verified"
        MALFORMED = "malformed", "Malformed"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, db_index=False, related_name="evidence")
    kind = models.CharField(max_length=40)
    token = models.CharField(max_length=200)
    # As the sender wrote it, with what it lay in.
    field = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=State.choices)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["not_verified", "malformed"]), name="evidence_state_known"
            ),
            models.UniqueConstraint(fields=["lead", "kind", "token"], name="evidence_once"),
        ]
        indexes = [models.Index(fields=["business", "id"], name="evidence_of_business")]

    def __str__(self) -> str:
        return f"{self.kind} {self.token}"
