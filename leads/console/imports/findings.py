"""What is wrong with the rows of a file: a page of it, all of it as CSV, and the faulty rows to be mended."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from leadping.console.export import export_csv
from leadping.console.scoped import ScopedAdmin
from leadping.verdicts import Effect
from leads.importing.checking import SHOWN, rows_of
from leads.importing.faults import Fault
from leads.importing.mapping import REASONS
from leads.importing.mending import headings_kept, mendable_rows, stored_faults
from leads.models import Import
from leads.pages.wording import EFFECTS, title_of

PER_PAGE = 50
HEADER = ("Row", "Column", "What", "Effect", "Value", "Message", "What to do", "Code")


def show(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    """Those of one code, if the address names one."""
    asked = request.GET.get("code", "")
    code = asked if asked in imported.codes else ""
    found = list(islice(those_with(code, first_faults(imported, code)), SHOWN))
    number = page_number(request, len(found))
    start = (number - 1) * PER_PAGE
    return TemplateResponse(
        request,
        "admin/imports/findings.html",
        {
            **screen.admin_site.each_context(request),
            "title": "What was found",
            "opts": screen.opts,
            "original": imported,
            "back": screen.address(imported),
            "faults": [describe(fault) for fault in found[start : start + PER_PAGE]],
            "code": code,
            "codes": [(one, title_of(one), count) for one, count in ranked(imported.codes)],
            "number": number,
            "has_next": start + PER_PAGE < len(found),
            "cut": len(found) == SHOWN,
            "most": SHOWN,
        },
    )


def page_number(request: HttpRequest, count: int) -> int:
    text = request.GET.get("p", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), max((count - 1) // PER_PAGE + 1, 1))


def ranked(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def those_with(code: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    return (fault for fault in faults if not code or fault["code"] == code)


def first_faults(imported: Import, code: str) -> Iterable[Fault]:
    """Of the check until rows are taken in, and from then on of these."""
    return stored_faults(imported, code) if imported.started_at else imported.faults


def all_faults(imported: Import) -> Iterable[Fault]:
    if imported.started_at:
        return stored_faults(imported)
    return (json.loads(line) for line in imported.findings.split("\n") if line)


def describe(fault: Fault) -> dict[str, Any]:
    return {**fault, "badge": EFFECTS[Effect(fault["effect"])], "title": title_of(fault["code"])}


def download(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    return export_csv(
        request,
        name="found-in-import.csv",
        header=HEADER,
        rows=(as_row(fault) for fault in all_faults(imported)),
        business_ids=[imported.business_id],
        about=f"what was found in the rows of {imported.public_id}",
    )


def as_row(fault: Fault) -> Sequence[Any]:
    effect = EFFECTS[Effect(fault["effect"])].text
    told = (fault.get(name, "") for name in ("value", "message", "hint", "code"))
    return (fault["row"], fault.get("heading", ""), title_of(fault["code"]), effect, *told)


def download_rows(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    """The refused rows as they came, to be mended and imported."""
    return export_csv(
        request,
        name="rows-to-mend.csv",
        header=[*headings_kept(imported), REASONS],
        rows=mendable_rows(imported, all_faults(imported), [] if imported.started_at else rows_of(imported)),
        business_ids=[imported.business_id],
        about=f"the refused rows of {imported.public_id}, with what they hold",
    )
