"""The floor's own rows: what happened, and how far the log of it is proven."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.rows import Row

# What these rooms tell of is traffic: too much to hang each event on the one before, so it is sealed in
# batches. So is what folds. Every other event is a control event and a link of its business's chain.
TRAFFIC = ("lead", "submission", "certificate", "conversation")


def is_traffic_kind(kind: str) -> bool:
    return kind.partition(".")[0] in TRAFFIC


def traffic_rule() -> Q:
    rule = Q(fold_key__isnull=False)
    for room in TRAFFIC:
        rule |= Q(kind__startswith=f"{room}.")
    return rule


class Event(Row):
    """What happened, to what, by whom. `data` holds `before` and `after` where something changed."""

    PREFIX = "evt"

    business = models.ForeignKey("accounts.Business", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=60)
    # Prefixed ids as text: the floor knows no app, so it cannot point at their rows.
    subject = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    reason = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    # Events that others wait for; the worker's relay turns them into jobs and clears the mark.
    pending = models.BooleanField(default=False)
    # Filled where repetitions are folded into one row with a count, such as failed sign-ins.
    count = models.PositiveIntegerField(default=1)
    fold_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 (unique, so absent is null)
    # The place in the chain of the business's control events; see `leadping/chain.py`.
    chain_number = models.PositiveBigIntegerField(null=True, editable=False)
    chain_hash = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_of_subject"),
            models.Index(fields=["business", "id"], name="event_of_business"),
            models.Index(fields=["id"], name="event_pending", condition=Q(pending=True)),
            models.Index(
                fields=["business", "id"],
                name="event_to_chain",
                condition=Q(chain_number__isnull=True) & ~traffic_rule(),
            ),
            # The control log as it is read, newest first.
            models.Index(
                fields=["business", "id"], name="event_in_chain", condition=Q(chain_number__isnull=False)
            ),
        ]
        constraints = [
            # Events of no business have a chain of their own, so that null counts as a business here.
            models.UniqueConstraint(
                fields=["business", "chain_number"],
                name="event_number_once",
                condition=Q(chain_number__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(chain_number__isnull=True, chain_hash__isnull=True)
                | Q(chain_number__isnull=False, chain_hash__isnull=False),
                name="event_number_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ChainHead(Row):
    """The last link of a business's chain, or of the installation's own; locked while the next is added."""

    PREFIX = "head"

    business = models.ForeignKey(
        "accounts.Business", models.PROTECT, null=True, related_name="+", db_index=False
    )
    count = models.PositiveBigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)
    # Up to this id, and with it, the traffic is sealed.
    sealed_until = models.UUIDField(null=True)
    # The count that the file of heads is known to hold.
    published = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business"], name="chain_head_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.business or 'The installation'}, {self.count} control events"


class WaitingMail(models.Model):
    """What a message says, until it is sent or given up; its job has the rest, and the same id."""

    id = models.UUIDField(primary_key=True, editable=False)
    body = models.TextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
