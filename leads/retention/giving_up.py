"""What deletes the text of an uploaded file by hand, which a legal hold forbids like any other deletion."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from compliance.models import SuppressionImport
from compliance.suppression.importing import course as lists
from leadping.file_imports import ImportingError
from leads.importing import course as imports
from leads.models import Import
from leads.retention.held import held_files, held_lists
from leads.retention.holds import Holds, lock_records, say_holds


@transaction.atomic
def give_up_file(imported: Import, *, by: str, reason: str, now: datetime) -> None:
    """Raises ImportingError."""
    check_holds(imported, held_files)
    imports.forget_file(imported, by=by, reason=reason, now=now)


@transaction.atomic
def give_up_list(imported: SuppressionImport, *, by: str, reason: str, now: datetime) -> None:
    """Raises ImportingError."""
    check_holds(imported, held_lists)
    lists.forget_file(imported, by=by, reason=reason, now=now)


@transaction.atomic
def undo_file(imported: Import, *, worked: bool, by: str, reason: str, now: datetime) -> None:
    """Raises ImportingError. What was only begun still has its text, which goes."""
    check_holds(imported, held_files)
    imports.start_undo(imported, worked=worked, by=by, reason=reason, now=now)


@transaction.atomic
def undo_list(imported: SuppressionImport, *, by: str, reason: str, now: datetime) -> None:
    """Raises ImportingError. What was only begun still has its text, which goes."""
    check_holds(imported, held_lists)
    lists.start_undo(imported, by=by, reason=reason, now=now)


def check_holds(imported: Import | SuppressionImport, kept_by: Callable[[Holds], Q]) -> None:
    """Until this transaction ends no hold is placed."""
    lock_records(imported.business_id)
    own = type(imported)._default_manager.filter(pk=imported.pk).exclude(content="")
    standing = Holds(imported.business_id).standing
    keeping = [hold for hold in standing if own.filter(kept_by(Holds(hold.business_id, only=hold))).exists()]
    if keeping:
        raise ImportingError(say_holds(keeping))
