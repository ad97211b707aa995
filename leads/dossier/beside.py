"""What stands beside a lead: evidence that was passed over, other evidence, who closed the ways of contacting
the person, and what became of the certificate in the long run. Nothing of anybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from compliance.models import CertificateRetention, Suppression
from compliance.suppression.looking import entries_of
from leads.do_not_contact import contacts_of_lead
from leads.models import CertificateUse, Evidence, Lead, Override
from leads.pages.overrides import hands_of
from leads.pages.suppressed import people_of

MOST = 500


@dataclass(frozen=True, slots=True)
class Uses:
    """`own` is that of the lead. The others are counted alone: those of the business that came with the same
    certificate, and how many of them with another phone and email, or through another source."""

    own: CertificateUse
    others: int
    other_people: int
    other_sources: int


@dataclass(frozen=True, slots=True)
class Beside:
    overrides: Sequence[Override]
    evidence: Sequence[Evidence]
    suppressions: Sequence[Suppression]
    retention: CertificateRetention | None
    uses: Uses | None

    @property
    def people(self) -> list[str]:
        return [*hands_of(self.overrides), *people_of(self.suppressions)]


def read_beside(lead: Lead) -> Beside:
    contacts = contacts_of_lead(lead)
    listed = entries_of(lead.business_id, lead.account_id, contacts)
    return Beside(
        overrides=list(lead.overrides.order_by("asked_at", "id")[:MOST]),
        evidence=list(lead.evidence.order_by("kind", "field")),
        suppressions=list(listed.order_by("created_at", "id")[:MOST]),
        retention=CertificateRetention.objects.filter(certificate=lead.certificate_id).first(),
        uses=read_uses(lead),
    )


def read_uses(lead: Lead) -> Uses | None:
    """None where nobody watched for certificates that are used twice when the lead came."""
    own = CertificateUse.objects.filter(
        lead=lead.pk, certificate_hash__in=hashes_of(lead), business=lead.business_id
    ).first()
    if own is None:
        return None
    same = CertificateUse.objects.filter(certificate_hash=own.certificate_hash, business=lead.business_id)
    others = list(same.exclude(pk=own.pk).order_by("id")[:MOST])
    return Uses(
        own=own,
        others=len(others),
        other_people=sum(not is_same_person(own, other) for other in others),
        other_sources=sum(other.source_id != own.source_id for other in others),
    )


def hashes_of(lead: Lead) -> list[bytes]:
    """As `leads/intake/reuse.py` makes it."""
    return [sha256(lead.trusted_form_url.encode()).digest()] if lead.trusted_form_url else []


def is_same_person(one: CertificateUse, other: CertificateUse) -> bool:
    """The same phone or the same email."""
    pairs = ((one.phone_hash, other.phone_hash), (one.email_hash, other.email_hash))
    return any(mine and theirs and bytes(mine) == bytes(theirs) for mine, theirs in pairs)
