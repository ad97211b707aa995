"""What a source demands of certificates under its terms, and what a lead says of its person, as the rules
about certificates want them."""

from compliance.checks.demands import Claim, Demands
from leadping.verdicts import Effect
from leads.models import Lead
from sources.models import SourceSettings, Terms


def demands_of(settings: SourceSettings, terms: Terms | None) -> Demands:
    """Without terms nothing of theirs is demanded."""
    return Demands(outage=Effect(settings.outage_policy), insights=settings.insights)


def claim_of_lead(lead: Lead) -> Claim:
    return Claim(
        phone=lead.phone,
        email=lead.email,
        state=lead.state,
        ip=lead.ip_address or "",
        user_agent=lead.user_agent,
    )
