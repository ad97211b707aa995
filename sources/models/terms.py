"""What compliance approves about a source, and the decisions on it."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from sources.models.source import Source


class Terms(Row):
    """What compliance approves about a source. Immutable once submitted; a change is a new number."""

    PREFIX = "terms"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "In force"
        SUPERSEDED = "superseded", "Superseded"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        REFUSED = "refused", "Refused"
        REVOKED = "revoked", "Revoked"
        EXPIRED = "expired", "Expired"

    class Retention(models.TextChoices):
        RETAIN = "retain", "Retained by us"
        VENDOR = "vendor", "Retained by the vendor"
        NONE = "none", "Not retained"

    # What a person writes; all else is the course of the approval.
    CONTENT: ClassVar[tuple[str, ...]] = (
        *("states", "products", "verticals", "audiences"),
        *("publisher", "partner", "posting_system", "websites", "landing_pages", "link_domains"),
        *("consent_wording", "consent_version", "sender_brand", "message_copy", "call_script"),
        *("trustedform_required", "exception_reason", "certificate_retention"),
        *("expected_per_day", "example_payload"),
    )

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    states = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="Two-letter codes, separated by commas. None given means any state.",
    )
    products = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="As the sender writes them; case does not matter. None given means any product.",
    )
    verticals = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="As the sender writes them; case does not matter. None given means any vertical.",
    )
    audiences = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    publisher = models.CharField(
        max_length=200, blank=True, help_text="Who runs the pages on which people ask to be contacted."
    )
    partner = models.CharField(
        max_length=200,
        blank=True,
        help_text="Through whom the leads reach us, where it is not the publisher.",
    )
    posting_system = models.CharField(max_length=200, blank=True, help_text="The system that posts to us.")
    websites = ArrayField(
        models.URLField(max_length=2048),
        default=list,
        blank=True,
        help_text="The sites that the pages are part of.",
    )
    landing_pages = ArrayField(
        models.URLField(max_length=2048), default=list, blank=True, help_text="Where the person opts in."
    )
    link_domains = ArrayField(
        models.CharField(max_length=253), default=list, blank=True, help_text="Domains in our messages."
    )
    consent_wording = models.TextField(blank=True, help_text="The disclosure shown at opt-in, word for word.")
    consent_version = models.CharField(
        max_length=100,
        blank=True,
        help_text="How you tell this wording from others, such as a date or number.",
    )
    sender_brand = models.CharField(
        max_length=200, blank=True, help_text="The name the person gave consent to."
    )
    message_copy = models.TextField(blank=True, help_text="The first messages, as they will be sent.")
    call_script = models.TextField(blank=True)
    trustedform_required = models.BooleanField("TrustedForm required", default=True)
    exception_reason = models.TextField(
        blank=True, help_text="Why a certificate is not required; needed for the exception to be approved."
    )
    certificate_retention = models.CharField(
        "certificates kept",
        max_length=10,
        choices=Retention.choices,
        default=Retention.NONE,
        help_text="TrustedForm deletes a certificate that nobody retains after 90 days.",
    )
    expected_per_day = models.PositiveIntegerField(
        "expected leads a day",
        null=True,
        blank=True,
        help_text="What the source means to send on a usual day.",
    )
    example_payload = models.TextField(
        blank=True, help_text="A lead as JSON, as the sender would post it to /leads/intake."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=80, editable=False)
    # All who had a hand in the words, so that none of them approves them.
    edited_by = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.CharField(max_length=80, blank=True, editable=False)
    # What changes and why, in the words of who submitted them.
    submitted_reason = models.TextField("what changes and why", blank=True, editable=False)
    # Set by the approval.
    conditions = models.TextField(blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="terms_number_once"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(status__in=["draft", "submitted"]),
                name="terms_one_in_the_making",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(status="approved"), name="terms_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("draft", "submitted", "approved", "superseded"),
                        *("changes_requested", "refused", "revoked", "expired"),
                    ]
                ),
                name="terms_status_known",
            ),
            models.CheckConstraint(
                condition=Q(trustedform_required=True) | ~Q(exception_reason=""),
                name="terms_exception_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(certificate_retention__in=["retain", "vendor", "none"]),
                name="terms_retention_known",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="terms_expiring", condition=Q(status="approved")),
            models.Index(
                fields=["business", "submitted_at"], name="terms_waiting", condition=Q(status="submitted")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, terms {self.number}"

    def expired_at(self, now: datetime) -> bool:
        """Whether the approval has ended by itself."""
        return self.status == self.Status.EXPIRED or (self.expires_at is not None and self.expires_at <= now)


class Review(Row):
    """A recorded decision on one version of the terms."""

    PREFIX = "review"

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        REFUSED = "refused", "Refused"
        NARROWED = "narrowed", "Narrowed"
        REVOKED = "revoked", "Revoked"
        EXPIRED = "expired", "Expired"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    conditions = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True)
    # What was shown to the reviewer: terms, difference, example, certificate, checklist.
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    decision__in=[
                        *("approved", "changes_requested", "refused"),
                        *("narrowed", "revoked", "expired"),
                    ]
                ),
                name="review_decision_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.at:%Y-%m-%d}"
