"""Which leads' certificates are to be retained: those of accepted leads whose terms promise it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from compliance.retaining import Wanted, want
from leadping.ids import LATENESS, first_id_at, public_id
from leads.models import Lead, RetainingReach
from sources.models import Source, Terms

# As long as TrustedForm may still know a certificate.
LOOKED_BACK = timedelta(days=90)
TOGETHER = 500


def claim_new(*, now: datetime) -> int:
    """Those that came since it was last looked for them. How many leads there were."""
    reached = RetainingReach.objects.first()
    since = reached.until - LATENESS if reached else now - LOOKED_BACK
    claimed = 0
    # Their own index leads to the leads of a source; to those of all that promise it none does.
    for source_id in retaining_sources():
        found = to_claim().filter(source_id=source_id, id__gte=first_id_at(since), id__lt=first_id_at(now))
        for leads in pages(found):
            want([wanted(lead) for lead in leads], now=now)
            claimed += len(leads)
    RetainingReach.objects.update_or_create(id=1, defaults={"until": now})
    return claimed


def claim_released(lead: Lead, *, now: datetime) -> None:
    """A held lead has become an accepted one, however long ago it came."""
    if found := to_claim().filter(pk=lead.pk).first():
        want([wanted(found)], now=now)


def retaining_sources() -> list[UUID]:
    promising = Terms.objects.filter(certificate_retention=Terms.Retention.RETAIN)
    return list(promising.order_by().values_list("source_id", flat=True).distinct())


def to_claim() -> QuerySet[Lead]:
    return (
        Lead.objects.filter(
            status=Lead.Status.ACCEPTED,
            test=False,
            certificate__isnull=False,
            certificate__retention__isnull=True,
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
