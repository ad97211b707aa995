"""Sources: who may send leads, on what terms, and with which keys."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from leadping.accounts.models import Account, Business
from leadping.rows import Row
from leadping.verdicts import Effect


class SourceQuerySet(models.QuerySet["Source"]):
    def alive(self) -> "SourceQuerySet":
        return self.filter(deleted_at=None)


class Source(Row):
    """One intake path: a form, a partner, a publisher, a system.

    It is approved while `terms_in_force` is set. Whatever changes the source, its terms in force, its
    settings or its credentials raises `version`; intake judges by a copy up to a second old and stores
    nothing when the version has moved on.
    """

    PREFIX = "source"

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal"
        VENDOR = "vendor", "Vendor"

    business = models.ForeignKey(Business, models.PROTECT, related_name="sources")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="sources")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INTERNAL)
    enabled = models.BooleanField(default=True)
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_reason = models.TextField(blank=True, editable=False)
    terms_in_force = models.ForeignKey(
        "Terms", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "business", Lower("name"), condition=Q(deleted_at=None), name="source_name_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["internal", "vendor"]), name="source_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (Deleted)" if self.deleted_at else self.name

    @property
    def approved(self) -> bool:
        return self.terms_in_force_id is not None


class Terms(Row):
    """What compliance approves about a source. Immutable once submitted; a change is a new number."""

    PREFIX = "terms"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "In force"
        SUPERSEDED = "superseded", "Superseded"
        REVOKED = "revoked", "Revoked"

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
    verticals = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    audiences = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    publisher = models.CharField(
        max_length=200, blank=True, help_text="Publisher or partner behind the leads."
    )
    posting_system = models.CharField(max_length=200, blank=True, help_text="The system that posts to us.")
    landing_pages = ArrayField(
        models.URLField(max_length=2048), default=list, blank=True, help_text="Where the person opts in."
    )
    link_domains = ArrayField(
        models.CharField(max_length=253), default=list, blank=True, help_text="Domains in our messages."
    )
    consent_wording = models.TextField(blank=True, help_text="The disclosure shown at opt-in, word for word.")
    sender_brand = models.CharField(
        max_length=200, blank=True, help_text="The name the person gave consent to."
    )
    message_copy = models.TextField(blank=True, help_text="The first messages, as they will be sent.")
    call_script = models.TextField(blank=True)
    trustedform_required = models.BooleanField("TrustedForm required", default=True)
    exception_reason = models.TextField(
        blank=True, help_text="Why a certificate is not required; needed for the exception to be approved."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=80, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)

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
                condition=Q(status__in=["draft", "submitted", "approved", "superseded", "revoked"]),
                name="terms_status_known",
            ),
            models.CheckConstraint(
                condition=Q(trustedform_required=True) | ~Q(exception_reason=""),
                name="terms_exception_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, terms {self.number}"


class Review(Row):
    """A recorded decision on one version of the terms."""

    PREFIX = "review"

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REVOKED = "revoked", "Revoked"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    reason = models.TextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["approved", "revoked"]), name="review_decision_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.at:%Y-%m-%d}"


class SourceSettings(models.Model):
    """How we run a source; changed at once, with an event."""

    class DuplicateRule(models.TextChoices):
        OFF = Effect.OFF.value, "Off"
        WARN = Effect.WARN.value, "Warn"
        KEEP = Effect.KEEP.value, "Keep with the status “duplicate”"
        HOLD = Effect.HOLD.value, "Hold for audit"
        REFUSE = Effect.REFUSE.value, "Refuse"

    class OutagePolicy(models.TextChoices):
        HOLD = Effect.HOLD.value, "Hold and ask again"
        REFUSE = Effect.REFUSE.value, "Refuse"

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="settings")
    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    tags = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        help_text="Put on each new lead of this source.",
    )
    cost_per_lead = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    duplicate_rule = models.CharField(
        max_length=10,
        choices=DuplicateRule.choices,
        default=DuplicateRule.OFF,
        help_text="What to do with a lead whose external id, phone or email came through this source before.",
    )
    duplicate_window_hours = models.PositiveIntegerField(
        "duplicate window (hours)", default=24 * 30, validators=[MinValueValidator(1)]
    )
    outage_policy = models.CharField(
        max_length=10,
        choices=OutagePolicy.choices,
        default=OutagePolicy.HOLD,
        help_text="What to do with a lead whose certificate cannot be asked about.",
    )
    insights = models.BooleanField(
        "ask for insights",
        default=False,
        help_text="Ask TrustedForm for page, age and expiry too. Billed; needs a plan with insights.",
    )
    rate_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Requests a minute before the answer is 429. Empty means no limit."
    )
    support_contact = models.CharField(
        max_length=200, blank=True, help_text="Who mends the source when it fails."
    )
    notes = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(duplicate_rule__in=["off", "warn", "keep", "hold", "refuse"]),
                name="settings_duplicate_rule_known",
            ),
            models.CheckConstraint(
                condition=Q(outage_policy__in=["hold", "refuse"]), name="settings_outage_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_window_hours__gte=1), name="settings_window_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"Settings of {self.source}"


class Credential(Row):
    """API key and secret of a source, of which we keep only hashes. Two may be active, so that keys can be
    rotated with an overlap; `slot` lets the database say so."""

    PREFIX = "cred"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="credentials")
    slot = models.PositiveSmallIntegerField(editable=False)
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    key_hash = models.BinaryField(max_length=32, editable=False)
    secret_hash = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=80, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "slot"], condition=Q(revoked_at=None), name="credential_two_active"
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="credential_slot_known"),
        ]

    def __str__(self) -> str:
        return f"lp_{self.prefix}_…"


class RequestCount(models.Model):
    """How many requests a source sent in one minute; kept only for sources with a limit."""

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "minute"], name="request_count_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.minute}: {self.count}"
