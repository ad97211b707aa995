from django.db import models
from django.utils import timezone

from leadping.rows import Row


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

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_of_subject"),
            models.Index(fields=["business", "id"], name="event_of_business"),
            models.Index(fields=["id"], name="event_pending", condition=models.Q(pending=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
