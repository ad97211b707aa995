"""How long each kind of record is kept: the installation's rule, and what a business decides for itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from leadping.accounts.models import Business
from leadping.events import record_event
from leadping.verbs import VerbError
from leads.models import KeptKind, RetentionPeriod

FIVE_YEARS = 1826
LONGEST = 36_525


class PeriodError(VerbError):
    """The message says to a person why this period cannot be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`days`: the installation's rule, None for ever. `counted_from` and `goes` are for people to read.

    `least`: no business can keep it shorter. `advised`: what is shorter is warned of, with `why`.
    """

    goes: str
    counted_from: str
    days: int | None = None
    least: int = 1
    advised: int = 0
    why: str = ""


PROOF = (
    "The Telemarketing Sales Rule asks for records of consent for five years, and claims under the TCPA can "
    "be brought for four."
)
KINDS: dict[KeptKind, Kind] = {
    KeptKind.REFUSED_REQUESTS: Kind(
        "Body, sender's address, and what answer and findings repeat of them. Codes, hash and times stay.",
        "when it came",
    ),
    KeptKind.TAKEN_REQUESTS: Kind(
        "The body as it was sent. Its hash, the lead and the findings stay.",
        "when it came",
        advised=FIVE_YEARS,
        why=PROOF,
    ),
    KeptKind.SENDERS: Kind("IP address and program from which requests came.", "when it came"),
    KeptKind.DROPPED_LEADS: Kind(
        "Whatever names the person of a lead that was refused, withdrawn or kept as a duplicate, as when "
        "somebody asks to be erased.",
        "when the lead came",
        least=30,
    ),
    KeptKind.ACCEPTED_LEADS: Kind(
        "Whatever names the person of an accepted lead, as when somebody asks to be erased.",
        "when the lead came",
        least=30,
        advised=FIVE_YEARS,
        why=PROOF,
    ),
    KeptKind.CERTIFICATE_ANSWERS: Kind(
        "What TrustedForm's answers repeat of the person. What matched and the reference stay.",
        "when it was asked",
        least=30,
        advised=FIVE_YEARS,
        why=PROOF,
    ),
    KeptKind.COMPLAINTS: Kind(
        "Who raised it and in which words. Kind, times and outcome stay.",
        "when it was closed",
        least=30,
        advised=FIVE_YEARS,
        why=PROOF,
    ),
    KeptKind.IMPORT_FILES: Kind(
        "The text of a file that was uploaded and not imported.", "when it was uploaded", days=30
    ),
}


def standard_days(kind: KeptKind) -> int | None:
    """The installation's rule."""
    return settings.REFUSED_BODY_DAYS if kind == KeptKind.REFUSED_REQUESTS else KINDS[kind].days


def read_periods(business_id: UUID) -> dict[KeptKind, int | None]:
    own = RetentionPeriod.objects.filter(business=business_id).values_list("kind", "days")
    return {
        **{kind: standard_days(kind) for kind in KeptKind},
        **{KeptKind(kind): days for kind, days in own},
    }


def judge_period(kind: KeptKind, days: int | None) -> str:
    """What is wrong with it, if anything."""
    least = KINDS[kind].least
    if days is not None and not least <= days <= LONGEST:
        return f"{kind.label}: at least {least} and at most {LONGEST:,} days, or empty to keep them for ever."
    return ""


def warn_of_period(kind: KeptKind, days: int | None) -> str:
    """Why it might be regretted."""
    rule = KINDS[kind]
    if days is None or days >= rule.advised:
        return ""
    return f"This is shorter than five years ({rule.advised:,} days). {rule.why}"


@transaction.atomic
def change_period(
    business: Business, kind: KeptKind, days: int | None, *, by: str, reason: str, now: datetime
) -> None:
    """From the next purge on. Raises PeriodError."""
    if fault := judge_period(kind, days):
        raise PeriodError(fault)
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    before = read_periods(business.pk)[kind]
    RetentionPeriod.objects.update_or_create(
        business=business, kind=kind, defaults={"days": days, "changed_at": now, "changed_by": by}
    )
    record_event(
        "retention.period_changed",
        subject=business.public_id,
        by=by,
        business_id=business.pk,
        now=now,
        reason=reason,
        record=kind.value,
        before={"days": before},
        after={"days": days},
    )
