"""What is true of a source right now, one query for each fact. Each looks back a bounded number of rows along
an index, so that a source with a million submissions is asked about as fast as a new one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings as installation
from django.db.models import QuerySet

from compliance.models import CertificateCheck
from compliance.trustedform.answers import Outcome
from leads.console.launch.payloads import metadata_of_example, metadata_of_lead, read_stored
from leads.models import Lead, Submission
from sources.models import Source, Terms
from sources.rules import match_key
from sources.versions import terms_in_the_making

# The newest leads and submissions of the source that are looked at.
LEADS_LOOKED_AT = 2000
CERTIFICATES_LOOKED_AT = 500
SUBMISSIONS_LOOKED_AT = 1000
DRY_RUNS_READ = 60
LEADS_READ = 20
# The check that TrustedForm itself makes good; see `compliance.certificates.judge_certificate`.
VERIFIED_BY = "certificate_mismatch"


@dataclass(frozen=True, slots=True)
class Proof:
    """One conversation with the certificate service that ended well. `real` is false for the sandbox."""

    at: datetime
    host: str
    real: bool
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Exercised:
    """What was seen to come in, live or in dry runs. Products and verticals as they are compared."""

    states: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    verticals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """`terms` are those in force, or else those that wait or are written."""

    source: Source
    terms: Terms | None
    has_live_key: bool
    exposed_keys: int
    exercised: Exercised
    proof: Proof | None
    leads_seen: int
    expected_metadata: frozenset[str]
    # What the most complete of the newest leads lacked of it.
    missing_metadata: frozenset[str]
    now: datetime


def gather_facts(source: Source, *, now: datetime, terms: Terms | None = None) -> Facts:
    """`terms` are judged in place of those in force, as a review does."""
    judged = terms or source.terms_in_force or terms_in_the_making(source)
    keys = [key for key in source.credentials.filter(revoked_at=None) if key.is_live(now)]
    dry_runs = list(read_dry_runs(source))
    leads = list(Lead.objects.filter(source=source).order_by("-id")[:LEADS_READ])
    expected = metadata_of_example(judged.example_payload, now=now) if judged else frozenset()
    return Facts(
        source=source,
        terms=judged,
        has_live_key=bool(keys),
        exposed_keys=sum(key.exposed_at is not None for key in keys),
        exercised=find_exercised(source, dry_runs),
        proof=find_proof(source, dry_runs),
        leads_seen=len(leads),
        expected_metadata=expected,
        missing_metadata=min(
            (expected - metadata_of_lead(lead) for lead in leads), key=len, default=expected
        ),
        now=now,
    )


def newest(queryset: QuerySet[Any], count: int) -> QuerySet[Any]:
    """The ids of the newest rows; what is asked of them is asked of these alone."""
    return queryset.order_by("-id").values("pk")[:count]


def read_dry_runs(source: Source) -> QuerySet[Submission]:
    """The newest dry runs that would have been taken."""
    recent = newest(Submission.objects.filter(source=source), SUBMISSIONS_LOOKED_AT)
    taken = Submission.objects.filter(pk__in=recent, dry_run=True, http_status=200)
    return taken.order_by("-id")[:DRY_RUNS_READ]


def find_exercised(source: Source, dry_runs: list[Submission]) -> Exercised:
    recent = newest(Lead.objects.filter(source=source), LEADS_LOOKED_AT)
    came = set(Lead.objects.filter(pk__in=recent).values_list("state", "product", "vertical").distinct())
    drafts = (reading.draft for run in dry_runs if (reading := read_stored(run)))
    came |= {(draft.state, draft.product, draft.vertical) for draft in drafts}
    return Exercised(
        frozenset(state for state, _, _ in came if state),
        frozenset(match_key(product) for _, product, _ in came if product),
        frozenset(match_key(vertical) for _, _, vertical in came if vertical),
    )


def find_proof(source: Source, dry_runs: list[Submission]) -> Proof | None:
    """The latest real check, else a full dry run that TrustedForm made good, else one by the sandbox."""
    check = find_check(source)
    if check and not check.sandbox:
        return Proof(check.at, check.host, real=True)
    # A dry run leaves no check, and says nothing of who answered; the settings do.
    real = installation.TRUSTEDFORM_URL.startswith("https://")
    host = installation.TRUSTEDFORM_URL.partition("://")[2]
    for run in dry_runs:
        if any(verdict["code"] == VERIFIED_BY and verdict["passed"] for verdict in run.verdicts):
            return Proof(run.received_at, host, real=real, dry_run=True)
    return Proof(check.at, check.host, real=False) if check else None


def find_check(source: Source) -> CertificateCheck | None:
    recent = newest(Lead.objects.filter(source=source, certificate__isnull=False), CERTIFICATES_LOOKED_AT)
    certificates = Lead.objects.filter(pk__in=recent).values("certificate")
    checks = CertificateCheck.objects.filter(certificate__in=certificates, outcome=Outcome.VERIFIED)
    return checks.order_by("sandbox", "-at").first()
