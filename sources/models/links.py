"""Links under which vendors read how to post."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.rows import Row
from sources.models.source import Source


class PostingLink(Row):
    """Opens the posting instructions of a source to whoever holds it, until it expires or is revoked. The
    address is the id and a signature, so that nothing that opens the page is stored."""

    PREFIX = "link"

    business = models.ForeignKey(Business, models.PROTECT, editable=False, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="posting_links")
    label = models.CharField("for whom", max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=80, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_opened_at = models.DateTimeField(null=True, editable=False)
    times_opened = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        indexes = [models.Index(fields=["business", "id"], name="posting_link_of_business")]

    def __str__(self) -> str:
        return self.label

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
