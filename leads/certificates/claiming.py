"""Which leads' certificates are to be retained: those of accepted leads whose terms promise it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.models import CertificateRetention
from compliance.retaining import Wanted, hand_over, want
from leadping.ids import LATENESS, first_id_at, parse_public_id, public_id
from leads.models import Lead, RetainingReach
from sources.models import Source, Terms

# As long as TrustedForm may still know a certificate.
LOOKED_BACK = timedelta(days=90)
TOGETHER = 500
NO_LONGER = "The lead is no longer an accepted one."
NOBODY = (
    "The lead has neither phone nor email any more, and TrustedForm wants to know whose certificate it is."
)


def claim_new(*, now: datetime) -> int:
    """Those that came since it was last looked for them. How many leads there were."""
    reached = RetainingReach.objects.first()
    since = reached.until - LATENESS if reached else now - LOOKED_BACK
    claimed = 0
    # Their own index leads to the leads of a source; to those of all that promise it none does.
    for source_id in retaining_sources():
        found = to_claim().filter(source_id=source_id, id__gte=first_id_at(since), id__lt=first_id_at(now))
        for leads in pages(found):
            claim(leads, now=now)
            claimed += len(leads)
    RetainingReach.objects.update_or_create(id=1, defaults={"until": now})
    return claimed


def claim_released(lead: Lead, *, now: datetime) -> None:
    """A held lead has become an accepted one, however long ago it came."""
    claim(list(to_claim().filter(pk=lead.pk)), now=now)


def claim(leads: Sequence[Lead], *, now: datetime) -> None:
    """Also of certificates that were given up because another lead, for whose sake it was, is gone."""
    given_up = CertificateRetention.objects.filter(
        certificate__in=[lead.certificate_id for lead in leads], status=CertificateRetention.Status.GIVEN_UP
    )
    rows: dict[UUID | None, CertificateRetention] = {row.certificate_id: row for row in given_up}
    want([wanted(lead) for lead in leads if lead.certificate_id not in rows], now=now)
    before = leads_of(rows.values())
    for lead in leads:
        row = rows.pop(lead.certificate_id, None)
        if row and why_not(before.get(row.lead)):
            hand_over(row.pk, wanted(lead), now=now)


def leads_of(rows: Iterable[CertificateRetention]) -> dict[str, Lead]:
    ids = [parse_public_id(Lead.PREFIX, row.lead) for row in rows]
    return {lead.public_id: lead for lead in Lead.objects.filter(pk__in=ids).select_related("source")}


def why_not(lead: Lead | None) -> str:
    """Why a certificate is stored for the sake of this lead no longer, if so."""
    if lead is None or lead.status != Lead.Status.ACCEPTED:
        return NO_LONGER
    return "" if lead.phone or lead.email else NOBODY


def find_heir(retention: CertificateRetention) -> Lead | None:
    """Another lead for whose sake the certificate is to be stored."""
    others = promised().filter(certificate=retention.certificate_id)
    return others.filter(~Q(phone="") | ~Q(email="")).order_by("id").first()


def retaining_sources() -> list[UUID]:
    promising = Terms.objects.filter(certificate_retention=Terms.Retention.RETAIN)
    return list(promising.order_by().values_list("source_id", flat=True).distinct())


def to_claim() -> QuerySet[Lead]:
    unclaimed = Q(certificate__retention=None) | Q(
        certificate__retention__status=CertificateRetention.Status.GIVEN_UP
    )
    return promised().filter(unclaimed)


def promised() -> QuerySet[Lead]:
    return (
        Lead.objects.filter(
            status=Lead.Status.ACCEPTED,
            test=False,
            certificate__isnull=False,
            terms__certificate_retention=Terms.Retention.RETAIN,
        )
        .select_related("certificate")
        .only("business_id", "source_id", "certificate__first_seen_at")
    )


def pages(found: QuerySet[Lead]) -> Iterator[Sequence[Lead]]:
    leads = list(found.order_by("id")[:TOGETHER])
    while leads:
        yield leads
        leads = list(found.filter(id__gt=leads[-1].pk).order_by("id")[:TOGETHER])


def wanted(lead: Lead) -> Wanted:
    assert lead.certificate
    return Wanted(
        lead.business_id,
        lead.certificate.pk,
        lead.certificate.first_seen_at,
        lead.public_id,
        public_id(Source.PREFIX, lead.source_id),
    )
