"""May we hold and call this person? Certificates, and what was said about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from compliance.suppression.models import Suppression, SuppressionImport
from compliance.trustedform.answers import Outcome
from leadping.accounts.models import Business
from leadping.rows import Row

__all__ = ["Certificate", "CertificateCheck", "Suppression", "SuppressionImport"]


class Certificate(Row):
    """A TrustedForm certificate as we know it."""

    PREFIX = "cert"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="certificates")
    url = models.CharField(max_length=300)
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "url"], name="certificate_once")]
        indexes = [models.Index(fields=["business", "id"], name="certificate_of_business")]

    def __str__(self) -> str:
        return self.public_id


class CertificateCheck(Row):
    """One conversation with TrustedForm about a certificate: our reading of the answer, and the answer."""

    PREFIX = "check"

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="checks")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    # Prefixed ids: the lead that it was about, or the submission where no lead came of it, and their source.
    # Empty on rows from before these were kept.
    about = models.CharField(max_length=40, blank=True, db_default="")
    source = models.CharField(max_length=40, blank=True, db_default="")
    # What was asked for, each part of which is billed; none where nobody was asked.
    operations = ArrayField(models.CharField(max_length=40), null=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    reason = models.TextField(blank=True)
    phone_match = models.BooleanField(null=True)
    email_match = models.BooleanField(null=True)
    expires_at = models.DateTimeField(null=True)
    host = models.CharField(max_length=253)
    sandbox = models.BooleanField(default=False)
    http_status = models.PositiveSmallIntegerField(null=True)
    elapsed_ms = models.PositiveIntegerField()
    raw = models.JSONField(default=dict)
    # The verdicts that it was judged to; null on rows from before these were kept.
    findings = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="check_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="check_of_business"),
            models.Index(
                fields=["expires_at"], name="check_by_expiry", condition=models.Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"
