"""Suppressed contacts in tests, and files of them with what the worker would do done at once."""

from contextlib import AbstractContextManager
from typing import Any

from django.utils import timezone

from compliance.models import Suppression, SuppressionImport
from compliance.suppression.contacts import read_contact
from compliance.suppression.importing.course import start_check, start_import, upload_file
from compliance.suppression.importing.mapping import guess_columns
from compliance.suppression.importing.taking import check_file, take_over
from compliance.suppression.importing.undoing import release_rows
from compliance.suppression.verbs import suppress
from leadping.accounts.models import Business
from tests.races import meanwhile
from tests.situations import BY, REASON


def suppress_contact(business: Business, contact: str, **differing: Any) -> Suppression:
    read = read_contact(contact)
    fields = {"channel": "all" if read.kind == "phone" else "email", "origin": "manual", "by": BY}
    return suppress(business, read, **{**fields, "now": timezone.now(), **differing}).entry


def upload_list(business: Business, sent: bytes, **differing: Any) -> SuppressionImport:
    fields = {"channel": "all", "note": "An old list.", "by": BY, "now": timezone.now()}
    return upload_file(business, "list.csv", sent, **{**fields, **differing})


def work(imported: SuppressionImport) -> SuppressionImport:
    """What the worker has to do for it now."""
    stored = SuppressionImport.objects.get(pk=imported.pk)
    if stored.status == SuppressionImport.Status.CHECKING:
        check_file(stored)
    elif stored.status == SuppressionImport.Status.IMPORTING:
        take_over(stored)
    elif stored.status == SuppressionImport.Status.UNDOING:
        release_rows(stored)
    return SuppressionImport.objects.get(pk=imported.pk)


def check_list(imported: SuppressionImport, columns: dict[str, str] | None = None) -> SuppressionImport:
    start_check(imported, columns or guess_columns(imported.headings, []), by=BY, now=timezone.now())
    return work(imported)


def import_list(business: Business, sent: bytes, **differing: Any) -> SuppressionImport:
    """From the upload to the end, with the mapping that is guessed."""
    checked = check_list(upload_list(business, sent, **differing))
    start_import(checked, by=BY, reason=REASON, now=timezone.now())
    return work(checked)


def list_worker_at_work() -> AbstractContextManager[None]:
    """Does what the worker would, as soon as it is asked for."""
    return meanwhile(work_on_all)


def work_on_all() -> None:
    for imported in SuppressionImport.objects.filter(status__in=["checking", "importing", "undoing"]):
        work(imported)
