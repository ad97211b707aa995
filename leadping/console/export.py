"""Downloads of what the console shows, as CSV: for whoever may export, safe in a spreadsheet, on record."""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence, Sized
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.accounts.reauthentication import confirm_before_download, recently_authenticated
from leadping.accounts.roles import Deed
from leadping.console.reach import person, reach
from leadping.csv_cells import neutralise
from leadping.events import record_event
from leadping.ids import public_id

EXPORTED = "export.made"
# Lines that travel together: one chunk for each line would cost more than the lines.
TOGETHER = 500


class Echo:
    """A file for csv.writer that keeps nothing: what is written is what the writer gives back."""

    def write(self, text: str) -> str:
        return text


def export_csv(
    request: HttpRequest,
    *,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    business_ids: Collection[UUID],
    about: str,
) -> HttpResponse:
    """A file `name` with these rows of these businesses; `about` says what it holds and how it was filtered.

    Whoever lacks the right to export in any of the businesses is refused, and whoever gave no password for a
    while is asked first. Each business gets an event that says who took what away.
    """
    if not business_ids or not set(business_ids) <= reach(request, Deed.EXPORT):
        raise PermissionDenied
    if not recently_authenticated(request):
        return confirm_before_download(request)
    told: dict[str, Any] = {"file": name, "about": about}
    if isinstance(rows, Sized):
        told["rows"] = len(rows)
    for business_id in business_ids:
        record_event(
            EXPORTED,
            subject=public_id(Business.PREFIX, business_id),
            by=person(request).public_id,
            business_id=business_id,
            now=timezone.now(),
            **told,
        )
    response = StreamingHttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    # A response that streams shares with HttpResponse all that views and middleware ask of one.
    return cast(HttpResponse, response)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    # Headings may be of a file that somebody else wrote.
    chunk = [writer.writerow([as_cell(heading) for heading in header])]
    for row in rows:
        chunk.append(writer.writerow([as_cell(value) for value in row]))
        if len(chunk) >= TOGETHER:
            yield "".join(chunk)
            chunk = []
    yield "".join(chunk)


def as_cell(value: Any) -> Any:
    """Numbers stay numbers, also below nought; text is never a formula."""
    if type(value) is int or type(value) is float:
        return value
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value
