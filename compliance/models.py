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


class CertificateRetention(Row):
    """A certificate that is to be stored for us, beyond the days after which TrustedForm deletes it.

    `compliance/retaining.py` alone changes it. Only what TrustedForm itself answers makes it stored.
    """

    PREFIX = "retention"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        STORED = "stored", "Retained"
        # The last try failed; there will be another one.
        FAILED = "failed", "Failed, tried again"
        GIVEN_UP = "given_up", "Given up"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="retention")
    # Prefixed ids: the lead for whose sake it is stored, our reference with TrustedForm, and its source.
    lead = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    wanted_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    # Filled while there will be another try.
    next_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    # Why it is not stored, in TrustedForm's words or ours; `ours`: it is our key, plan or address.
    reason = models.TextField(blank=True)
    ours = models.BooleanField(default=False)
    # When TrustedForm can be asked about it no more, unless stored the end of it. `told`: TrustedForm said
    # so; else it is the earliest that it may be.
    dies_at = models.DateTimeField()
    told = models.BooleanField(default=False)
    stored_at = models.DateTimeField(null=True)
    # What the answer said: whether our account had stored it before, and the URL without its page.
    previously_retained = models.BooleanField(null=True)
    masked_url = models.CharField(max_length=300, blank=True)
    sandbox = models.BooleanField(default=False)

    class Meta:
        verbose_name = "certificate to retain"
        verbose_name_plural = "certificates to retain"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "failed"], next_at__isnull=False)
                | models.Q(status__in=["stored", "given_up"], next_at__isnull=True),
                name="retention_tried_again_or_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(status="stored", stored_at__isnull=False)
                | ~models.Q(status="stored") & models.Q(stored_at__isnull=True),
                name="retention_stored_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="retention_waiting", condition=models.Q(next_at__isnull=False)
            ),
            models.Index(
                fields=["business", "dies_at"], name="retention_at_risk", condition=~models.Q(status="stored")
            ),
            models.Index(fields=["business", "id"], name="retention_of_business"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ServiceTrouble(models.Model):
    """A stretch of time in which TrustedForm could not be asked, as `compliance/troubles.py` found it."""

    class Kind(models.TextChoices):
        UNAVAILABLE = "unavailable", "TrustedForm does not answer"
        MISCONFIGURED = "misconfigured", "Our TrustedForm account needs mending"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    http_status = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(ended_at__isnull=True), name="trouble_of_a_kind_once"
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class DryRunCall(Row):
    """What was asked for in a full dry run, of which nothing else is kept; until it is counted."""

    PREFIX = "call"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    # Prefixed id.
    source = models.CharField(max_length=40)
    at = models.DateTimeField()
    operations = ArrayField(models.CharField(max_length=40))

    def __str__(self) -> str:
        return self.public_id


class CertificateCalls(models.Model):
    """How often an operation was asked for on a day, in UTC, for a source; what a bill can be held against.
    Those of dry runs have a name of their own.

    `compliance/calls.py` alone writes it."""

    pk = models.CompositePrimaryKey("business_id", "source", "day", "operation")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    # Prefixed id.
    source = models.CharField(max_length=40)
    day = models.DateField()
    operation = models.CharField(max_length=40)
    calls = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["business", "day"], name="calls_of_business")]

    def __str__(self) -> str:
        return f"{self.operation}: {self.calls}"
