"""A reviewer at the page of a review: looks, then decides on what the page showed."""

import re

from django.test import Client
from django.urls import reverse

from sources.models import Source, Terms
from tests.senders import Answer

SEALED = re.compile(r'name="(seen[^"]*)" value="([^"]+)"')
QUEUE = "console:sources_terms_queue"


def review_address(terms: Terms) -> str:
    return reverse("console:sources_terms_review", args=[terms.pk])


def sealed(page: str) -> dict[str, str]:
    """The hidden fields in which a page keeps what it shows."""
    return dict(SEALED.findall(page))


def decide(reviewer: Client, terms: Terms, decision: str = "approved", **fields: str) -> Answer:
    page = reviewer.get(review_address(terms))
    form = {"decision": decision, "reason": "Landing page read.", **sealed(page.text), **fields}
    return reviewer.post(review_address(terms), form, follow=True)


def narrow(console: Client, source: Source, reason: str = "Complaints.") -> Answer:
    """Looks at what the draft takes away, and applies it."""
    address = reverse("console:sources_source_narrow", args=[source.pk])
    return console.post(address, {"reason": reason, **sealed(console.get(address).text)})


def submit(console: Client, source: Source, reason: str) -> Answer:
    """Looks at the draft, and asks for a decision on it."""
    address = reverse("console:sources_source_submit", args=[source.pk])
    return console.post(address, {"reason": reason, **sealed(console.get(address).text)})
