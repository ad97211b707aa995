"""What would be different if terms or settings were others."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from sources.models import Source, Terms


class WhatIf(Row):
    """The submissions of the last days judged by other terms or settings. Only the result is stored."""

    PREFIX = "whatif"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="what_ifs")
    # What is tried: terms, often a draft, or changes of settings; the other is None.
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, related_name="+")
    settings = models.JSONField(null=True)
    # SHA-256 of what was tried, for a draft may be written on while it is tried.
    basis = models.CharField(max_length=64, blank=True)
    days = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    # One sentence for a person, when it could not be finished.
    failure = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=80)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "what if"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "failed"]), name="what_if_status_known"
            ),
            models.CheckConstraint(
                condition=Q(terms__isnull=False, settings=None) | Q(terms=None, settings__isnull=False),
                name="what_if_tries_one",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="what_if_of_business"),
        ]

    def __str__(self) -> str:
        return f"What if, {self.source}"
