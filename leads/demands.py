"""What a source demands of certificates under its terms, and what a lead says of its person, as the rules
about certificates want them."""

from compliance.checks.demands import Claim, Demands
from leadping.verdicts import Effect
from leads.models import Lead
from sources.models import SourceSettings, Terms
from sources.models.certificate_checks import EFFECT, EFFECT_COLUMNS

# From the code of a check to the setting of what follows from it.
EFFECTS = {column.removesuffix(EFFECT): column for column in EFFECT_COLUMNS}


def demands_of(settings: SourceSettings, terms: Terms | None) -> Demands:
    """Without terms nothing of theirs is demanded. What the settings leave open, the terms say."""
    wording = terms.consent_wording.strip() if terms else ""
    return Demands(
        effects={code: Effect(getattr(settings, column)) for code, column in EFFECTS.items()},
        outage=Effect(settings.outage_policy),
        asks_expiry=settings.certificate_asks_expiry,
        age_minutes=settings.certificate_age_minutes,
        pages=(*terms.landing_pages, *terms.websites) if terms else (),
        seconds_least=settings.certificate_seconds_least,
        keys_per_minute_most=settings.certificate_keys_per_minute_most,
        phrases_required=tuple(settings.certificate_phrases_required or filter(None, [wording])),
        phrases_forbidden=tuple(settings.certificate_phrases_forbidden),
        advertiser=settings.certificate_advertiser or (terms.sender_brand if terms else ""),
        opt_in_types=tuple(settings.certificate_opt_in_types),
        people_most=settings.certificate_people_most,
        people_days=settings.certificate_people_days,
        font_px_least=settings.certificate_font_px_least,
        contrast_least=float(settings.certificate_contrast_least),
    )


def claim_of_lead(lead: Lead) -> Claim:
    return Claim(
        phone=lead.phone,
        email=lead.email,
        state=lead.state,
        ip=lead.ip_address or "",
        user_agent=lead.user_agent,
    )
