"""Deleting the text of files that nobody goes on with: they hold people's data for nothing."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from compliance.suppression.models import SuppressionImport

KEPT_FOR = timedelta(days=30)
FORGOTTEN = f"Nobody went on with it for {KEPT_FOR.days} days, so its text was deleted. Upload it again."


def forget_unfinished(business_id: UUID, *, but_for: Q, now: datetime) -> int:
    """In the caller's transaction, which knows what has to stay."""
    old = SuppressionImport.objects.filter(business=business_id, created_at__lt=now - KEPT_FOR)
    waiting = old.exclude(content="").exclude(status=SuppressionImport.Status.IMPORTING).exclude(but_for)
    return waiting.update(content="", findings=[], status=SuppressionImport.Status.FAILED, failure=FORGOTTEN)
