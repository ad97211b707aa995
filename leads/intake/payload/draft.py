"""A lead as it was read, before anybody judged it: the one shape behind all doors."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from leads.intake.payload.phones import Phone


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """Absent text is empty. Field names are those of the shapes."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: Phone | None = None
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    birth_date: date | None = None
    gender: str = ""
    product: str = ""
    vertical: str = ""
    external_id: str = ""
    seller_lead_id: str = ""
    sub_id: str = ""
    price: Decimal | None = None
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    landing_page: str = ""
    referrer: str = ""
    trusted_form_url: str = ""
    source_metadata: dict[str, Any] = field(default_factory=dict)
    ip_address: str | None = None
    user_agent: str = ""
