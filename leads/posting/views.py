"""Where the link of posting instructions leads to. Whoever holds it needs no sign-in and no session."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from leadping.middleware import ScopedRequest
from leads.posting.banner import read_banner
from leads.posting.facts import Facts, gather
from leads.posting.openapi import describe_source_api
from leads.posting.page import describe_page
from leads.posting.samples import flat_sample, pretty, structured
from leads.posting.trial import UNKNOWN, TrialForm, shown_again, try_out
from leads.posting.visits import look_back, remember, tell
from sources.models import PostingLink
from sources.posting_links import find_open_link, note_opening, token_of

View = Callable[[HttpRequest, PostingLink], HttpResponse]
HEADERS = {
    "Cache-Control": "private, no-store",
    # The address is what opens the page. Not `no-referrer`: with that, browsers send the form with
    # `Origin: null`, which the check against forged requests refuses.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def behind_link(view: View) -> Callable[..., HttpResponse]:
    """The one answer to every link that opens nothing, and what every answer carries."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        link = find_open_link(token, now=timezone.now())
        response = view(request, link) if link else render(request, "posting/gone.html", status=404)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@behind_link
def page(request: HttpRequest, link: PostingLink) -> HttpResponse:
    now = timezone.now()
    facts = facts_of(request, link)
    banner = read_banner(facts)
    visit, cookie = look_back(request, tell(facts, banner), token=link.public_id, now=now)
    context = {
        **describe_page(facts, banner),
        "link": link,
        "token": token_of(link),
        "visit": visit,
        "printing": "print" in request.GET,
        **trial(request, facts),
    }
    if request.method == "GET":
        note_opening(link, now=now)
    response = render(request, "posting/page.html", context)
    remember(request, response, cookie)
    return response


def trial(request: HttpRequest, facts: Facts) -> dict[str, Any]:
    """The form, and what came of it. Nothing may be stored to show it elsewhere, so it is shown at once."""
    if request.method != "POST":
        shape = "structured" if request.GET.get("shape") == "structured" else "flat"
        flat = flat_sample(facts)
        lead = structured(flat) if shape == "structured" else flat
        return {"form": TrialForm(initial={"shape": shape, "payload": pretty(lead)})}
    form = TrialForm(request.POST)
    if not form.is_valid():
        return {"form": shown_again(form), "faulty": "Choose a shape and a kind of dry run."}
    result = try_out(form, cast(ScopedRequest, request), facts.source)
    return {"form": shown_again(form), "result": result, "unknown_key": UNKNOWN}


@require_safe
@behind_link
def openapi(request: HttpRequest, link: PostingLink) -> HttpResponse:
    described = describe_source_api(facts_of(request, link))
    return JsonResponse(described, json_dumps_params={"indent": 2, "ensure_ascii": False})


def facts_of(request: HttpRequest, link: PostingLink) -> Facts:
    return gather(link.source, address=request.build_absolute_uri("/"), now=timezone.now())
