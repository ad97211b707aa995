"""Whether the person of a lead is still on record, and what keeps them there. Pure."""

from collections.abc import Iterable

from leadping.models import Event
from leads.models import Lead

ERASED = "lead.erased"
WHY = {"request": "on request", "period": "as the time for which it is kept was over"}


def say_erased(lead: Lead, events: Iterable[Event]) -> str:
    """A sentence, or nothing of a lead whose person is still there."""
    if lead.erased_at is None:
        return ""
    cause = next((event.data.get("cause", "") for event in events if event.kind == ERASED), "")
    when = f"Erased on {lead.erased_at:%-d %b %Y} {WHY.get(cause, '')}".rstrip()
    return f"{when}. What proves the consent is still here; whom it was from is not."
