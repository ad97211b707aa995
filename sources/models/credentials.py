"""The keys of a source."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from sources.models.source import Source


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
    last_used_ip = models.GenericIPAddressField("last used from", null=True, editable=False)
    # The end of the overlap in which a rotated key works beside its successor; from then on it is dead.
    retires_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    # When it was first seen in the payload of a lead, and in which submission.
    exposed_at = models.DateTimeField(null=True, editable=False)
    exposed_in = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "slot"], condition=Q(revoked_at=None), name="credential_two_active"
            ),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="credential_slot_known"),
        ]

    def __str__(self) -> str:
        return f"lp_{self.prefix}_…"

    def is_live(self, now: datetime) -> bool:
        """Whether it opens the doors at this moment, as far as the key itself is concerned."""
        return self.revoked_at is None and (self.retires_at is None or now < self.retires_at)
