"""The page of a source that says what is missing before real traffic, and what to do next."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from leadping.console.scoped import ScopedAdmin, screen_of
from leads.api.examples import SHORT
from leads.console.launch.checklist import Item, list_items
from leads.console.launch.facts import Facts, gather_facts
from leads.console.launch.payloads import read_example
from sources.models import Source, Terms

# A lead that is no dry run makes a lead, so whoever pastes the command should mean it.
LIVE = {"test_leads"}


@dataclass(frozen=True, slots=True)
class Point:
    """An item with where to go, for a person who may go there, and the command that helps."""

    item: Item
    url: str
    command: str


def show(screen: ScopedAdmin, request: HttpRequest, source: Source) -> HttpResponse:
    facts = gather_facts(source, now=timezone.now())
    items = list_items(facts)
    context = {
        **screen.admin_site.each_context(request),
        "title": "Launch checklist",
        "opts": screen.opts,
        "original": source,
        "points": [point(screen, request, facts, item) for item in items],
        "done": sum(item.passed for item in items),
        "total": len(items),
        "next": next((item for item in items if not item.passed), None),
        "verifies": bool(settings.TRUSTEDFORM_API_KEY),
        "back": screen.address(source),
    }
    return TemplateResponse(request, "admin/sources/launch.html", context)


def point(screen: ScopedAdmin, request: HttpRequest, facts: Facts, item: Item) -> Point:
    if item.passed:
        return Point(item, "", "")
    return Point(item, address(screen, request, facts, item.page), command(request, facts, item))


def address(screen: ScopedAdmin, request: HttpRequest, facts: Facts, page: str) -> str:
    """Empty where the person may not take the step; then the page says what to do and leaves out the link."""
    source = facts.source
    if page == "change":
        return screen.address(source)
    if page == "review":
        return screen_of(screen, Terms).address(facts.terms, page) if facts.terms else ""
    step = screen.steps.get(page)
    return screen.address(source, page) if step and screen.may_take(request, source, step) else ""


def command(request: HttpRequest, facts: Facts, item: Item) -> str:
    """A command for a shell in which SOURCE_KEY is set, since we know no key."""
    if not item.tries and not item.needs_certificate:
        return ""
    lead = example_lead(facts)
    lines = ["SOURCE_KEY='lp_…'  # the key of this source"]
    field, values = next(
        ((name, [value for _, value in item.tries]) for name, _ in item.tries if name), ("", [])
    )
    if field:
        words = (shlex.quote(json.dumps(value, ensure_ascii=False)[1:-1]) for value in values)
        lines.append(f"for value in {' '.join(words)}; do")
        # The shell puts its variable where the quotes are closed for it.
        place = free_word(json.dumps(lead, ensure_ascii=False))
        body = shlex.quote(json.dumps({**lead, field: place}, ensure_ascii=False))
        body = body.replace(place, "'\"$value\"'")
        return "\n".join([*lines, curl(request, facts, "true", body), "done"])
    dry = "" if item.code in LIVE else "full"
    return "\n".join([*lines, curl(request, facts, dry, shlex.quote(json.dumps(lead, ensure_ascii=False)))])


def free_word(text: str) -> str:
    """One that the text does not hold."""
    word = "VALUE"
    while word in text:
        word += "_"
    return word


def curl(request: HttpRequest, facts: Facts, dry_run: str, body: str) -> str:
    headers = [
        f"-H 'X-Leadping-Source-Id: {facts.source.public_id}'",
        '-H "X-Leadping-Source-Key: $SOURCE_KEY"',
        "-H 'Content-Type: application/json'",
        *([f"-H 'Leadping-Dry-Run: {dry_run}'"] if dry_run else []),
    ]
    address = request.build_absolute_uri("/leads/intake")
    return " \\\n  ".join([f"curl -sS {shlex.quote(address)}", *headers, f"-d {body}"])


def example_lead(facts: Facts) -> dict[str, Any]:
    """The terms' own example where there is one, so that everything else about the lead is right."""
    terms = facts.terms
    if terms and terms.example_payload and read_example(terms.example_payload, now=facts.now):
        lead: dict[str, Any] = json.loads(terms.example_payload)
        return lead
    lead = dict(SHORT)
    for field, allowed in (("state", "states"), ("product", "products"), ("vertical", "verticals")):
        if terms and getattr(terms, allowed):
            lead[field] = getattr(terms, allowed)[0]
    return lead
