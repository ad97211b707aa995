"""What a lead is held for, told apart: evidence that fails or is lacking, and limits of our own.

The limits say how much we take and when, not whether this person may be contacted; one person may let a lead
pass them. Whatever is not named here counts as evidence, so that a new check is guarded until somebody has
decided that it need not be: letting a lead pass it takes a second person, and stays visible for ever.
"""

from collections.abc import Iterable
from uuid import UUID

from leadping.accounts.models import Business

LIMITS = frozenset({"cap_reached", "outside_schedule", "duplicate_lead"})


def evidence_among(codes: Iterable[str]) -> list[str]:
    """Those about the proof that the person agreed, and about where the lead comes from."""
    return sorted(set(codes) - LIMITS)


def asks_for_two(business_id: UUID) -> bool:
    """Whether nobody alone passes over failed evidence."""
    return Business.objects.filter(pk=business_id, second_person=True).exists()
