"""The leads that were taken."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from compliance.models import Certificate
from conversations.models import Conversation
from leadping.accounts.models import Account, Business
from leadping.rows import Row
from sources.models import Source, Terms

# What an erased lead is called.
ERASED = "Erased person"


class Lead(Row):
    """A submission that was accepted or held. `leads/lifecycle.py` alone changes its `status`."""

    PREFIX = "lead"

    class Status(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        AUDIT = "audit", "Held for audit"
        DUPLICATE = "duplicate", "Duplicate"
        REFUSED = "refused", "Refused"
        # Its import was undone; it stays on record, and nobody contacts it.
        WITHDRAWN = "withdrawn", "Withdrawn"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="leads")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="leads")
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="leads")
    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="leads")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, related_name="leads")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="leads")
    created_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=20, choices=Status.choices)
    # The codes of the checks that hold it; empty once it is released.
    held_for = ArrayField(models.CharField(max_length=40), default=list)
    test = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=50), default=list)

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=320, blank=True)
    # Lower-cased for matching; `email` stays as it was sent.
    email_key = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_extension = models.CharField(max_length=20, blank=True)
    phone_region = models.CharField(max_length=2, blank=True)
    phone_time_zones = ArrayField(models.CharField(max_length=50), default=list)
    phone_line_type = models.CharField(max_length=20, blank=True)
    phone_carrier = models.CharField(max_length=100, blank=True)
    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(null=True)
    gender = models.CharField(max_length=50, blank=True)

    product = models.CharField(max_length=200, blank=True)
    vertical = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    seller_lead_id = models.CharField(max_length=200, blank=True)
    sub_id = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(max_digits=28, decimal_places=20, null=True)
    # What it costs us: the price it came with, or else the source's cost per lead when it came.
    cost = models.DecimalField(max_digits=28, decimal_places=20, null=True)
    utm = models.JSONField(default=dict)
    landing_page = models.CharField(max_length=2048, blank=True)
    referrer = models.CharField(max_length=2048, blank=True)
    trusted_form_url = models.CharField(max_length=300, blank=True)
    trusted_form_outcome = models.CharField(max_length=20, blank=True)
    source_metadata = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)

    # Filled while a held lead waits for TrustedForm to be asked again.
    recheck_at = models.DateTimeField(null=True)
    rechecks = models.PositiveSmallIntegerField(default=0)

    # When everything that named the person went, at their request or as its time was over.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "audit", "duplicate", "refused", "withdrawn"]),
                name="lead_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email="") | Q(erased_at__isnull=False), name="lead_contact_given"
            ),
            # Whoever still holds the row from before cannot bring the person back.
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(phone="", email="", email_key="", first_name="", last_name="", phone_carrier=""),
                name="lead_erased_names_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="lead_of_business"),
            models.Index(fields=["source", "id"], name="lead_of_source"),
            models.Index(fields=["business", "phone"], name="lead_by_phone", condition=~Q(phone="")),
            models.Index(fields=["business", "email_key"], name="lead_by_email", condition=~Q(email_key="")),
            models.Index(
                fields=["business", "external_id"], name="lead_by_external_id", condition=~Q(external_id="")
            ),
            models.Index(
                fields=["business", "status", "id"], name="lead_not_accepted", condition=~Q(status="accepted")
            ),
            # The audit queue: found, filtered and counted without a look at the leads themselves.
            models.Index(
                fields=["business", "id"],
                include=["source", "held_for", "recheck_at"],
                name="lead_held",
                condition=Q(status="audit"),
            ),
            models.Index(fields=["recheck_at"], name="lead_waiting", condition=Q(recheck_at__isnull=False)),
        ]

    def __str__(self) -> str:
        name = " ".join(filter(None, [self.first_name, self.last_name]))
        return name or self.phone or self.email or ERASED
