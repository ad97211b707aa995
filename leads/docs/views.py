"""The pages that explain the API: a guide with the reference, and a page for each code."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leadping.paging import MOST, USUAL_SIZE
from leads.api import examples
from leads.bulk.body import BATCH_LIMIT, MOST_LINES
from leads.docs import curls
from leads.docs.errors import by_status, example_of, kind_of, status_of, ticked
from leads.docs.fields import field_rows
from leads.intake.problems import CATALOGUE

CURLS = (
    *(curls.post_structured, curls.post_flat, curls.post_form, curls.get_flat, curls.post_batch),
    *(curls.read_source, curls.read_submission, curls.list_leads),
)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri("/").rstrip("/")
    context = {
        "address": address,
        "curl": {write.__name__: write(address) for write in CURLS},
        "accepted": curls.pretty(examples.ACCEPTED),
        "refused": curls.pretty(examples.REFUSED),
        "batch_answer": shortened(examples.BATCH_ANSWER),
        "batch": {"lines": f"{MOST_LINES:,}", "mebibytes": BATCH_LIMIT // 2**20},
        "fields": field_rows(),
        "page_sizes": {"usual": USUAL_SIZE, "most": MOST},
    }
    return render(request, "docs/guide.html", context)


def shortened(answers: str) -> str:
    """The answer to a batch without the bodies, which are those of the other doors."""
    return re.sub(r'"answer": \{"\w+": ("[^"]*").*', r'"answer": {\1, …}}', answers)


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/errors.html", {"statuses": by_status()})


@require_safe
def error(request: HttpRequest, code: str) -> HttpResponse:
    problem = CATALOGUE.get(code)
    if problem is None:
        raise Http404
    context = {
        "problem": problem,
        "kind": kind_of(problem),
        "status": status_of(problem),
        "meaning": ticked(problem.meaning),
        "remedy": ticked(problem.remedy),
        "example": example_of(problem),
    }
    return render(request, "docs/error.html", context)
