"""What the navigation of the console says of the audit queue."""

from typing import Any

from django import template

from leadping.console.notices import capped
from leadping.console.reach import reach
from leads.console.audit.held import Wanted, find_ids

register = template.Library()
# A number in the navigation is looked at, not reckoned with.
COUNTED = 99


@register.simple_tag(takes_context=True)
def held_leads(context: dict[str, Any]) -> str:
    """How many held leads wait for a person, or nothing."""
    count = len(find_ids(reach(context["request"]), Wanted(), most=COUNTED + 1))
    return capped(count, COUNTED) if count else ""
