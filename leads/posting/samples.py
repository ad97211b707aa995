"""A lead that this source may send, in both shapes: the terms' own example, or one made to fit them. Pure."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from leadping.redaction import holds_secret
from leadping.states import NAMES
from leads.api.examples import FLAT
from leads.intake.arrival import DryRun
from leads.intake.case import Case
from leads.intake.examine import judge_lead, weigh
from leads.intake.opening import read
from leads.intake.payload.json_text import Unreadable, parse_object
from leads.intake.payload.shapes import FLAT_PATHS, STRUCTURED_PATHS
from leads.intake.rehearse import to_flat_door
from leads.posting.facts import Facts

Lead = dict[str, Any]

ADDRESS = ("address1", "address2", "city", "zip")
# Beside what the terms ask for.
SHOWN = (
    *("firstName", "lastName", "email", "phone", "address1", "city", "state", "zip"),
    *("landingPage", "externalId"),
)
NOT_ALLOWED = "Something that is not allowed"
STRUCTURED = {FLAT_PATHS[name]: STRUCTURED_PATHS[name] for name in FLAT_PATHS}


def flat_sample(facts: Facts) -> Lead:
    """The example of the terms where it is a lead that they would take."""
    own = own_example(facts.terms.example_payload)
    return own if own and not examine_sample(facts, own).refusals else fitting(facts)


def own_example(payload: str) -> Lead | None:
    try:
        # As numbers that JSON can say again.
        lead: Lead = json.loads(payload) if parse_object(payload.encode()) else {}
    except (Unreadable, ValueError):
        return None
    return lead if lead and not holds_secret(lead) else None


def fitting(facts: Facts) -> Lead:
    terms = facts.terms
    lead = {name: FLAT[name] for name in SHOWN}
    if terms.states and lead["state"] not in terms.states:
        lead = {name: value for name, value in lead.items() if name not in ADDRESS}
        lead["state"] = terms.states[0]
    if terms.landing_pages:
        lead["landingPage"] = terms.landing_pages[0]
    lead["product"] = terms.products[0] if terms.products else "Example product"
    if terms.verticals:
        lead["vertical"] = terms.verticals[0]
    if terms.trustedform_required:
        lead["trustedFormUrl"] = FLAT["trustedFormUrl"]
    return lead


def forbidden(facts: Facts) -> Lead:
    """The same lead with everything about it that this source's terms could refuse."""
    terms, lead = facts.terms, fitting(facts)
    if terms.states:
        lead["state"] = next((code for code in NAMES if code not in terms.states), "TX")
    for name, allowed in (("product", terms.products), ("vertical", terms.verticals)):
        if allowed:
            lead[name] = NOT_ALLOWED
    if terms.trustedform_required:
        # The most frequent mistake, and the hint that it earns.
        lead["trusted_form"] = lead.pop("trustedFormUrl")
    lead = {name: value for name, value in lead.items() if name not in ADDRESS}
    return lead if examine_sample(facts, lead).refusals else {**lead, "phone": "555"}


def examine_sample(facts: Facts, lead: Lead, *, request_id: str = "") -> Case:
    """By the rules of intake, without what depends on the moment, the system or other leads."""
    arrival = to_flat_door(json.dumps(lead, ensure_ascii=False), facts.now)
    case = Case(replace(arrival, dry_run=DryRun.NO, request_id=request_id), facts.source, terms=facts.terms)
    if weigh(case) and read(case):
        judge_lead(case)
    return case


def structured(lead: Lead) -> Lead:
    """What no shape knows stays what it is: an unknown field, in `metadata`."""
    made: Lead = {"metadata": {}, "contact": {}, "customer": {}}
    for name, value in lead.items():
        *above, last = STRUCTURED.get(name, f"metadata.{name}").split(".")
        parent = made
        for step in above:
            parent = parent.setdefault(step, {})
        parent[last] = value
    return made


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def rounded(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
