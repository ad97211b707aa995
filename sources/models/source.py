"""Who may send leads."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from leadping.accounts.models import Account, Business, User
from leadping.rows import Row


class SourceQuerySet(models.QuerySet["Source"]):
    def alive(self) -> "SourceQuerySet":
        return self.filter(deleted_at=None)

    def with_rules(self) -> "SourceQuerySet":
        """With what intake judges by, read anew."""
        return self.select_related("terms_in_force", "settings")


class Source(Row):
    """One intake path: a form, a partner, a publisher, a system.

    It is approved while `terms_in_force` is set and has not expired. Whatever changes the source, its terms
    in force, its settings or its credentials raises `version`; intake judges by a copy up to a second old
    and stores nothing when the version has moved on.
    """

    PREFIX = "source"

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal"
        VENDOR = "vendor", "Vendor"

    business = models.ForeignKey(Business, models.PROTECT, related_name="sources")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="sources")
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answers for this source on our side.",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INTERNAL)
    enabled = models.BooleanField(default=True)
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_reason = models.TextField(blank=True, editable=False)
    # What came before it was reopened counts against it no more.
    resumed_at = models.DateTimeField(null=True, editable=False)
    # Since when a complaint or dispute about it has been open without a break.
    disputed_at = models.DateTimeField(null=True, editable=False)
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
        return self.approved_at(timezone.now())

    def approved_at(self, now: datetime) -> bool:
        """Approval ends on the second, whenever the job that marks it as expired gets to it."""
        return self.terms_in_force is not None and not self.terms_in_force.expired_at(now)
