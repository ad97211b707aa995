"""What else was sent with a lead. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leads.models import Lead

LABELS = {
    "product": "Product",
    "vertical": "Vertical",
    "external_id": "External id",
    "seller_lead_id": "Seller's lead id",
    "sub_id": "Sub id",
    "ip_address": "Person's IP address",
    "user_agent": "Person's browser",
}
LINKS = {"landing_page": "Landing page", "referrer": "Referrer"}
OBJECTS = {"utm": "Campaign", "source_metadata": "Source's metadata", "extra": "Fields that we do not know"}
WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Fact:
    """`link` says that the value is a web address that may be followed."""

    label: str
    value: str
    link: bool = False


def describe_facts(lead: Lead) -> list[Fact]:
    """Only what was sent."""
    return [fact for fact in all_facts(lead) if fact.value]


def all_facts(lead: Lead) -> Iterator[Fact]:
    for name, label in LABELS.items():
        yield Fact(label, getattr(lead, name) or "")
    yield Fact("Price", "" if lead.price is None else f"{lead.price.normalize():f}")
    for name, label in LINKS.items():
        value = getattr(lead, name)
        yield Fact(label, value, link=value.lower().startswith(WEB))
    for name, label in OBJECTS.items():
        yield from spread(label, getattr(lead, name))


def spread(label: str, members: Mapping[str, Any]) -> Iterator[Fact]:
    """An object, a member a line."""
    for name, value in members.items():
        yield Fact(
            f"{label}: {name}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        )
