"""Certificates that came with several people or through several sources. Of other businesses of this
installation only that there was a use is told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from compliance.models import Certificate
from leadping.accounts.roles import Deed
from leadping.console.export import export_csv
from leadping.console.reach import reach
from leadping.console.scoped import ScopedAdmin, screen_of
from leadping.ids import public_id
from leads.models import CertificateUse, Lead
from sources.models import Source

# The latest findings are looked at, and of each certificate so many uses.
FINDINGS = 500
USES = 1_000
SHOWN_LEADS = 5


@dataclass(slots=True)
class Reused:
    url: str = ""
    certificate: Certificate | None = None
    people: list[set[bytes]] = field(default_factory=list)
    sources: dict[UUID, str] = field(default_factory=dict)
    leads: list[UUID] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    elsewhere: bool = False

    def add(self, use: CertificateUse) -> None:
        self.sources[use.source_id] = str(use.source)
        self.leads.append(use.lead_id)
        self.first = min(self.first or use.at, use.at)
        self.last = max(self.last or use.at, use.at)
        self.meet({bytes(one) for one in (use.phone_hash, use.email_hash) if one})

    def meet(self, contact: set[bytes]) -> None:
        """Whoever has a phone or an email in common is one person."""
        same = [person for person in self.people if person & contact]
        others = [person for person in self.people if not person & contact]
        self.people = [*others, contact.union(*same)]


def find_reused(businesses: Collection[UUID]) -> list[Reused]:
    """The latest found first."""
    found = CertificateUse.objects.filter(business_id__in=businesses, again=True).order_by("-id")
    hashes = list(
        dict.fromkeys(bytes(one) for one in found.values_list("certificate_hash", flat=True)[:FINDINGS])
    )
    reused = {one: Reused() for one in hashes}
    for certificate_hash in hashes:
        gather(reused[certificate_hash], certificate_hash, businesses)
    return [one for one in reused.values() if one.leads]


def gather(one: Reused, certificate_hash: bytes, businesses: Collection[UUID]) -> None:
    uses = CertificateUse.objects.filter(certificate_hash=certificate_hash).order_by("-id")
    for use in uses.select_related("source", "lead__certificate")[:USES]:
        if use.business_id not in businesses:
            one.elsewhere = True
            continue
        one.add(use)
        if one.certificate is None and (certificate := certificate_of(use)):
            one.certificate, one.url = certificate, certificate.url


def certificate_of(use: CertificateUse) -> Certificate | None:
    try:
        return use.lead.certificate
    except Lead.DoesNotExist:
        # Its lead is gone altogether; the use is still one.
        return None


@dataclass(frozen=True, slots=True)
class Line:
    reused: Reused
    certificate_address: str
    leads: list[tuple[str, str]]
    sources: list[tuple[str, str]]
    more: int


def show(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    if not reach(request):
        raise PermissionDenied
    context = {
        **screen.admin_site.each_context(request),
        "title": "Reused certificates",
        "opts": screen.opts,
        "lines": list(describe(screen, find_reused(reach(request)))),
        "most": FINDINGS,
        "may_export": bool(reach(request, Deed.EXPORT)),
    }
    return TemplateResponse(request, "admin/leads/certificates/reused.html", context)


def describe(screen: ScopedAdmin, found: Iterable[Reused]) -> Iterable[Line]:
    certificates, leads, sources = (screen_of(screen, model) for model in (Certificate, Lead, Source))
    for one in found:
        shown = [(public_id(Lead.PREFIX, pk), leads.address(Lead(pk=pk))) for pk in one.leads[:SHOWN_LEADS]]
        yield Line(
            one,
            certificates.address(one.certificate) if one.certificate else "",
            shown,
            [(name, sources.address(Source(pk=pk))) for pk, name in one.sources.items()],
            len(one.leads) - len(shown),
        )


HEADER = (
    *("certificate", "people", "sources", "uses", "also elsewhere", "first used (UTC)", "last used (UTC)"),
    *("source names", "leads"),
)


def export(screen: ScopedAdmin, request: HttpRequest) -> HttpResponse:
    businesses = reach(request, Deed.EXPORT)
    rows = [
        [
            one.url,
            len(one.people),
            len(one.sources),
            len(one.leads),
            "yes" if one.elsewhere else "no",
            one.first,
            one.last,
            "; ".join(one.sources.values()),
            "; ".join(public_id(Lead.PREFIX, pk) for pk in one.leads),
        ]
        for one in find_reused(businesses)
    ]
    return export_csv(
        request,
        name="reused-certificates.csv",
        header=HEADER,
        rows=rows,
        business_ids=businesses,
        about="Certificates that came with several people or through several sources",
    )
