"""The second step: which column holds what, with the first rows and what intake makes of them beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from leadping.console.file_imports import MappingForm
from leadping.console.reach import person
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import entered, leave
from leadping.csv_files import FileRow
from leadping.file_imports import LEFT_OUT, ImportingError
from leadping.moments import say_moment
from leadping.verdicts import Effect
from leads.importing.checking import JudgedRow, first_rows, rows_of
from leads.importing.course import start_check, twins_of
from leads.importing.mapping import (
    EXTRA,
    FIELDS,
    columns_before,
    find_faults,
    find_warnings,
    guess_columns,
)
from leads.intake.rules import judge_moment
from leads.models import Import
from leads.pages.wording import EFFECTS, OUTCOMES, Badge, title_of
from sources.admin.plain_words import list_obstacles
from sources.versions import terms_to_judge_by

SHOWN = 5
STOPS = {Effect.HOLD: "held", Effect.REFUSE: "refused"}
CHOICES = [
    ("Fields of a lead", [(field, field) for field in FIELDS]),
    ("Otherwise", [(EXTRA, "Keep as extra"), (LEFT_OUT, "Leave out")]),
]
MAPPABLE = {Import.Status.UPLOADED, Import.Status.CHECKED, Import.Status.FAILED}


class LeadMapping(MappingForm):
    choices = CHOICES
    otherwise = EXTRA

    def faults(self) -> list[str]:
        return find_faults(self.headings, self.columns())


@dataclass(frozen=True, slots=True)
class Finding:
    badge: Badge
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What intake makes of one of the first rows."""

    number: int
    badge: Badge
    findings: list[Finding]


def show(screen: ScopedAdmin, request: HttpRequest, imported: Import) -> HttpResponse:
    if imported.status not in MAPPABLE or imported.started_at or not imported.content:
        messages.error(request, "This file is not to be mapped now.")
        return redirect(screen.address(imported))
    shown = list(islice(rows_of(imported), SHOWN))
    offered, whence = offer(imported, shown)
    form = LeadMapping(entered(request), headings=imported.headings, columns=offered)
    if form.is_bound and form.is_valid() and "check" in request.POST:
        try:
            by = person(request).public_id
            start_check(imported, form.columns(), by=by, now=timezone.now())
        except ImportingError as refusal:
            form.add_error(None, str(refusal))
        else:
            return leave(
                request,
                "The mapping is saved, and the whole file is being checked.",
                screen.address(imported),
            )
    return TemplateResponse(
        request,
        "admin/imports/mapping.html",
        {
            **screen.admin_site.each_context(request),
            "title": "Which column holds what",
            "opts": screen.opts,
            "original": imported,
            "back": screen.address(imported),
            "form": form,
            "whence": whence,
            "columns": form.beside(shown),
            "trials": try_out(imported, form) if not form.is_bound or form.is_valid() else [],
            "warnings": warn(imported, form),
            "numbers": [row.number for row in shown],
        },
    )


def offer(imported: Import, shown: Sequence[FileRow]) -> tuple[dict[str, str], str]:
    """The mapping to begin with, and where it is from."""
    if imported.columns:
        return imported.columns, "As it was saved for this file."
    before = columns_before(imported.source, imported.headings)
    if before:
        return before, "Filled in as for the last file of this source with the same headings."
    width = len(imported.headings)
    first = next((row.cells for row in shown if not row.fault), [""] * width)
    return guess_columns(
        imported.headings, first
    ), "Guessed from the headings; look at each before you go on."


def try_out(imported: Import, form: LeadMapping) -> list[Trial]:
    judged = first_rows(imported, form.columns(), now=timezone.now(), count=SHOWN)
    return [describe(one) for one in judged]


def describe(one: JudgedRow) -> Trial:
    findings = [
        Finding(EFFECTS[verdict.effect], title_of(verdict.code), verdict.detail)
        for verdict in one.case.verdicts
        if not verdict.passed and verdict.effect in EFFECTS
    ]
    return Trial(one.row.number, OUTCOMES[one.outcome], findings)


def warn(imported: Import, form: LeadMapping) -> list[str]:
    """What stands in the way of every row, and what was imported before."""
    now = timezone.now()
    columns = form.columns() if not form.is_bound or form.is_valid() else {}
    terms = terms_to_judge_by(imported.source, dry=True, now=now)
    return [
        *warn_of_twins(imported),
        *warn_of_source(imported),
        *(find_warnings(columns, terms) if columns else []),
    ]


def warn_of_source(imported: Import) -> list[str]:
    source, now = imported.source, timezone.now()
    moment = judge_moment(source, source.terms_in_force, now=now) if source.terms_in_force else []
    found = dict.fromkeys(list_obstacles(source, now=now), Effect.REFUSE)
    for one in moment:
        if not one.passed and one.effect in STOPS:
            found.setdefault(one.detail, one.effect)
    now_it_is = "As the source stands now, every row would be"
    return [f"{now_it_is} {STOPS[effect]}: {said}" for said, effect in found.items()]


def warn_of_twins(imported: Import) -> list[str]:
    earlier = twins_of(imported).defer("content", "findings").first()
    if earlier is None or earlier.started_at is None:
        return []
    return [
        f"The very same file was imported for this source on {say_moment(earlier.started_at)} "
        f"({earlier.public_id}), and not undone."
    ]
