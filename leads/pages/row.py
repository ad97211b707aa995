"""A lead as one row of the list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.do_not_contact import say_closed
from leads.models import Lead
from leads.pages.addresses import lead_address
from leads.pages.contact import full_name, pretty_phone
from leads.pages.moments import Moment, describe
from leads.pages.wording import CERTIFICATES, LEAD_STATUSES, Badge


@dataclass(frozen=True, slots=True)
class LeadRow:
    address: str
    when: Moment
    name: str
    phone: str
    email: str
    state: str
    product: str
    source: str
    business: str
    status: Badge
    certificate: Badge
    held: bool
    # Empty where nobody asked to be left alone.
    closed: str
    test: bool
    erased: bool
    on_hold: bool


def describe_row(lead: Lead, *, now: datetime, closed: Sequence[str] = (), on_hold: bool = False) -> LeadRow:
    return LeadRow(
        address=lead_address(lead.public_id),
        when=describe(lead.created_at, now=now),
        name=full_name(lead),
        phone=pretty_phone(lead.phone),
        email=lead.email,
        state=lead.state,
        product=lead.product,
        source=str(lead.source),
        business=lead.business.name,
        status=LEAD_STATUSES[Lead.Status(lead.status)],
        certificate=CERTIFICATES[lead.trusted_form_outcome or "unasked"].badge,
        closed=say_closed(closed),
        held=lead.status == Lead.Status.AUDIT,
        test=lead.test,
        erased=lead.erased_at is not None,
        on_hold=on_hold,
    )
