"""How long people's data is kept, what keeps it longer, and who was erased at their own request."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.lead import Lead
from sources.models import Source


class KeptKind(models.TextChoices):
    """What has a period of its own; `leads/retention/periods.py` says of each what that is and means."""

    REFUSED_REQUESTS = "refused_requests", "What requests without a lead said"
    TAKEN_REQUESTS = "taken_requests", "Bodies of requests that made a lead"
    SENDERS = "senders", "Addresses that requests came from"
    DROPPED_LEADS = "dropped_leads", "People of leads that came to nothing"
    ACCEPTED_LEADS = "accepted_leads", "People of accepted leads"
    CERTIFICATE_ANSWERS = "certificate_answers", "TrustedForm's answers as they came"
    COMPLAINTS = "complaints", "Words of closed complaints"
    IMPORT_FILES = "import_files", "Files that nobody imported"


class RetentionPeriod(Row):
    """How long a business keeps one kind of record; where there is no row, the installation's rule holds."""

    PREFIX = "period"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, db_index=False, related_name="+")
    kind = models.CharField(max_length=20, choices=KeptKind.choices)
    # None keeps it for ever.
    days = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "kind"], name="retention_period_once"),
            models.CheckConstraint(condition=Q(kind__in=KeptKind.values), name="retention_kind_known"),
            models.CheckConstraint(condition=Q(days=None) | Q(days__gt=0), name="retention_days_some"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days or 'for ever'}"


class LastPurge(models.Model):
    """When records of a kind were last deleted because their time was over, and how many."""

    pk = models.CompositePrimaryKey("business_id", "kind")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=20, choices=KeptKind.choices)
    at = models.DateTimeField()
    purged = models.PositiveIntegerField()
    # What was due and stayed, for a legal hold keeps it.
    on_hold = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.purged} of {self.kind}"


class LegalHold(Row):
    """What must be kept whatever its period says and whoever asks: a lead, a person, a source or everything.

    `leads/retention/holds.py` alone writes it. A person is told by phone, email or both; the plain values go
    with the release, and the hashes stay.
    """

    PREFIX = "hold"

    class Scope(models.TextChoices):
        LEAD = "lead", "One lead"
        PERSON = "person", "A person"
        SOURCE = "source", "A source"
        BUSINESS = "business", "The whole business"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="legal_holds")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="legal_holds")
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=320, blank=True)
    contact_hashes = ArrayField(models.BinaryField(max_length=32), default=list)
    reason = models.TextField()
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    released_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="lead", lead__isnull=False, source=None, contact_hashes=[])
                | Q(scope="source", source__isnull=False, lead=None, contact_hashes=[])
                | Q(scope="business", source=None, lead=None, contact_hashes=[])
                | (Q(scope="person", source=None, lead=None) & ~Q(contact_hashes=[])),
                name="legal_hold_on_one",
            ),
            models.CheckConstraint(
                condition=Q(phone="", email="") | Q(scope="person", released_at=None),
                name="legal_hold_names_while_it_holds",
            ),
        ]
        indexes = [
            models.Index(fields=["business"], name="legal_hold_active", condition=Q(released_at=None)),
            models.Index(fields=["business", "id"], name="legal_hold_of_business"),
        ]

    def __str__(self) -> str:
        match self.scope:
            case self.Scope.LEAD:
                return f"Hold on the lead {self.lead}"
            case self.Scope.SOURCE:
                return f"Hold on the source {self.source}"
            case self.Scope.BUSINESS:
                return "Hold on everything"
        return f"Hold on {' · '.join(filter(None, [self.phone, self.email])) or 'a person'}"


class Erasure(Row):
    """A person was erased at their own request. Who it was only hashes tell, to whoever knows already."""

    PREFIX = "erasure"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    contact_hashes = ArrayField(models.BinaryField(max_length=32))
    lead_ids = ArrayField(models.UUIDField(), default=list)
    # How many rows of each kind named the person.
    counts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=80)
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["business", "id"], name="erasure_of_business")]

    def __str__(self) -> str:
        return f"Erasure of {self.at:%-d %b %Y}"
