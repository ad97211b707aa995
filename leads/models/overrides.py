"""Failed evidence that people passed over."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from leads.models.lead import Lead


class Override(Row):
    """Somebody wants a held lead released although these checks failed. A second person confirms it, and the
    row stays with the lead whatever comes of it. `leads/overrides.py` alone changes its `state`."""

    PREFIX = "override"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        CONFIRMED = "confirmed", "Confirmed"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        # The lead changed before anybody confirmed.
        LAPSED = "lapsed", "Lapsed"
        # By one person, where the business asks for no second one.
        ALONE = "alone", "Passed over by one person"

    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="overrides")
    codes = ArrayField(models.CharField(max_length=40))
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Whoever confirmed, declined or took it back; of one that lapsed who changed the lead.
    settled_by = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "confirmed", "declined", "withdrawn", "lapsed", "alone"]),
                name="override_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None) | (~Q(state="waiting") & ~Q(settled_at=None)),
                name="override_settled_or_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (
                    ~Q(settled_by=F("asked_by"))
                    & Q(asked_by__startswith="user_")
                    & Q(settled_by__startswith="user_")
                ),
                name="override_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "alone"]) | Q(settled_by=F("asked_by")),
                name="override_own_word",
            ),
            models.CheckConstraint(condition=~Q(codes=[]), name="override_of_something"),
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="waiting"), name="override_waits_once"
            ),
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state__in=["confirmed", "alone"]), name="override_releases_once"
            ),
        ]
        indexes = [
            models.Index(fields=["business", "id"], name="override_of_business"),
            models.Index(fields=["business", "id"], name="override_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.lead}: {', '.join(self.codes)}"

    @property
    def released(self) -> bool:
        """Whether the lead was released by it."""
        return self.state in {self.State.CONFIRMED, self.State.ALONE}
