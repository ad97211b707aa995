"""The terms under which a lead came in, and who approved them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leads.models import Lead
from leads.pages.moments import Moment, describe
from sources.models import Review


@dataclass(frozen=True, slots=True)
class Agreement:
    """`since` says what became of the terms; empty while they are in force."""

    number: int
    approved: Moment | None
    approved_by: str
    reason: str
    since: str
    states: str
    products: str
    certificate: str
    consent_wording: str


def describe_agreement(
    lead: Lead, review: Review | None, actors: Mapping[str, str], *, now: datetime
) -> Agreement:
    terms = lead.terms
    in_force = lead.source.terms_in_force_id == terms.pk
    return Agreement(
        number=terms.number,
        approved=describe(review.at, now=now) if review else None,
        approved_by=actors.get(review.by, review.by) if review else "",
        reason=review.reason if review else "",
        since="" if in_force else f"{terms.get_status_display()} since",
        states=", ".join(terms.states) or "Any state",
        products=", ".join(terms.products) or "Any product",
        certificate="Required" if terms.trustedform_required else f"Not required: {terms.exception_reason}",
        consent_wording=terms.consent_wording,
    )
