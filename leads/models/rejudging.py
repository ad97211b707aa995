"""Many submissions judged again at one person's word."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row


class Rejudgement(Row):
    """Who had which submissions judged again, and why. What came of each is told by the submission that
    repeats it, so that nothing is counted twice when the job is taken up again."""

    PREFIX = "again"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    by = models.CharField(max_length=80)
    reason = models.TextField()
    # In the order in which they came; and those of them that were left as they are, each with a sentence.
    submission_ids = ArrayField(models.UUIDField())
    left = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    # One sentence for a person, when it could not be finished.
    failure = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "judging again"
        verbose_name_plural = "judged again"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "failed"]),
                name="rejudgement_status_known",
            ),
        ]
        indexes = [models.Index(fields=["business", "id"], name="rejudgement_of_business")]

    def __str__(self) -> str:
        return f"{len(self.submission_ids)} judged again"
