"""What the navigation of the console says of the review queue."""

from typing import Any

from django import template

from leadping.console.notices import capped
from leads.console.review.queue import COUNTED, count_waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_reviews(context: dict[str, Any]) -> str:
    """How many terms wait for a decision, or nothing."""
    count = count_waiting(context["request"])
    return capped(count, COUNTED) if count else ""
