"""The requests as they came, and what was answered."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.imports import Import
from leads.models.lead import Lead
from sources.models import Credential, Source, Terms


class Submission(Row):
    """One request as it came, credentials taken out, and what we answered."""

    PREFIX = "sub"

    class Door(models.TextChoices):
        STRUCTURED = "structured", "POST /leads"
        FLAT = "flat", "POST /leads/intake"
        QUERY = "query", "GET /leads/intake"
        BATCH = "batch", "POST /leads/batch"
        IMPORT = "import", "CSV import"

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        AUDIT = "audit", "Held"
        DUPLICATE = "duplicate", "Kept as duplicate"
        REFUSED = "refused", "Refused"
        REPLAYED = "replayed", "Replayed"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="submissions")
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="submissions")
    # None where a person brought it: imported, or judged again.
    credential = models.ForeignKey(Credential, models.PROTECT, db_index=False, null=True, related_name="+")
    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, null=True, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, db_index=False, null=True, related_name="submissions")
    received_at = models.DateTimeField()
    door = models.CharField(max_length=12, choices=Door.choices)
    test = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    http_status = models.PositiveSmallIntegerField()
    # The codes of the checks that failed, whatever their effect; what the console filters by.
    codes = ArrayField(models.CharField(max_length=40), default=list)
    verdicts = models.JSONField(default=list)
    answer = models.TextField()
    request_id = models.CharField(max_length=40)
    # None once it is no longer kept.
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    content_type = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    body_sha256 = models.BinaryField(max_length=32)
    body_redacted = models.BooleanField(default=False)
    body_purged_at = models.DateTimeField(null=True)
    # When all else that was sent went too: what answer and verdicts repeat of it, and where it came from.
    erased_at = models.DateTimeField(null=True)
    # SHA-256 of the idempotency key, or of the body where an external id makes it safe to repeat. Filled on
    # accepted submissions alone; taken away after 24 hours when somebody else needs the place.
    replay_token = models.BinaryField(max_length=32, null=True)
    # SHA-256 of the idempotency key, if one came: a refused request that is judged again is still known when
    # its sender repeats it.
    key_sha256 = models.BinaryField(max_length=32, null=True)

    # The line of its batch, or the row of its file, counted from 1.
    row_number = models.PositiveIntegerField(null=True)
    imported_in = models.ForeignKey(
        Import, models.PROTECT, db_index=False, null=True, related_name="submissions"
    )
    # The attempt before, where a person had it judged again: who and why. That one stays as it was.
    repeats = models.ForeignKey("self", models.PROTECT, db_index=False, null=True, related_name="+")
    repeated_by = models.CharField(max_length=80, blank=True)
    repeated_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["repeats"], condition=Q(repeats__isnull=False), name="submission_repeated_once"
            ),
            # However often a worker dies and another goes on, a row is taken in once; each time it is judged
            # again is an attempt of its own.
            models.UniqueConstraint(
                fields=["imported_in", "row_number", "repeats"],
                nulls_distinct=False,
                condition=Q(imported_in__isnull=False),
                name="submission_row_taken_once",
            ),
            models.UniqueConstraint(
                fields=["source", "replay_token"],
                condition=Q(replay_token__isnull=False),
                name="submission_replay_once",
            ),
            models.CheckConstraint(
                condition=Q(door__in=["structured", "flat", "query", "batch", "import"]),
                name="submission_door_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["accepted", "audit", "duplicate", "refused", "replayed"]),
                name="submission_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="submission_of_business"),
            models.Index(fields=["source", "id"], name="submission_of_source"),
            models.Index(fields=["lead"], name="submission_of_lead", condition=Q(lead__isnull=False)),
            models.Index(
                fields=["business", "outcome", "id"],
                name="submission_not_accepted",
                condition=~Q(outcome="accepted"),
            ),
            # Requests of which no lead is the keeper, while they say something.
            models.Index(
                fields=["business", "id"],
                name="submission_of_nobody",
                condition=Q(lead=None, erased_at=None),
            ),
            GinIndex(fields=["codes"], name="submission_by_code", condition=~Q(codes=[])),
        ]

    def __str__(self) -> str:
        return self.public_id
