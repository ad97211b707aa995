"""Giving up an uploaded file by hand, which a legal hold forbids like any other deletion."""

from datetime import datetime

from django.db import transaction

from leadping.file_imports import ImportingError
from leads.importing.course import forget_file
from leads.models import Import
from leads.retention.held import held_files
from leads.retention.holds import Holds, lock_records, say_holds


@transaction.atomic
def give_up_file(imported: Import, *, by: str, reason: str, now: datetime) -> None:
    """Raises ImportingError."""
    lock_records(imported.business_id)
    own = Import.objects.filter(pk=imported.pk)
    standing = Holds(imported.business_id).standing
    keeping = [
        hold for hold in standing if own.filter(held_files(Holds(hold.business_id, only=hold))).exists()
    ]
    if keeping:
        raise ImportingError(say_holds(keeping))
    forget_file(imported, by=by, reason=reason, now=now)
