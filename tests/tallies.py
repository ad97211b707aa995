"""What the tallies must say, counted in the plainest way: one submission after another."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from compliance.certificates import AT_FAULT
from leads.models import BusinessTally, Complaint, SourceTally, Submission
from leads.watching.buckets import LENGTHS, floor
from leads.watching.reading import SUMMED, sums_by_source
from leads.watching.spans import COMPARED, Span

OUTCOMES = {"accepted": "accepted", "audit": "held", "duplicate": "duplicates", "refused": "refused"}
EFFECTS = {"refused": ("refused_codes", "refuse"), "audit": ("held_codes", "hold")}
KINDS = {"opt_out": "opt_outs", "complaint": "complaints", "dispute": "disputes"}

Figures = dict[str, Any]
Buckets = dict[tuple[Any, str, datetime], Figures]


def count_plainly(of: str) -> Buckets:
    """Of `source_id` or `business_id`, by period and its beginning, where anything came."""
    counted: dict[Any, Counter[str]] = defaultdict(Counter)
    codes: dict[Any, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    spent: dict[Any, Decimal] = defaultdict(Decimal)
    for period in LENGTHS:
        for submission in Submission.objects.select_related("lead"):
            bucket = (getattr(submission, of), period.value, floor(submission.received_at, period))
            if submission.dry_run or submission.outcome == "replayed":
                counted[bucket]["dry_runs" if submission.dry_run else "replayed"] += 1
                continue
            counted[bucket][OUTCOMES[submission.outcome]] += 1
            counted[bucket]["bad_certificates"] += bool(set(submission.codes) & set(AT_FAULT))
            if submission.lead and submission.lead.cost is not None:
                spent[bucket] += submission.lead.cost.quantize(Decimal("0.0001"), ROUND_HALF_UP)
            if submission.outcome in EFFECTS:
                column, effect = EFFECTS[submission.outcome]
                found = {item["code"] for item in submission.verdicts if item.get("effect") == effect}
                codes[bucket][column].update(found)
        for raised in Complaint.objects.all():
            counted[getattr(raised, of), period.value, floor(raised.opened_at, period)][
                KINDS[raised.kind]
            ] += 1
    return {
        bucket: told({**counts, "spent": spent[bucket], **{n: dict(c) for n, c in codes[bucket].items()}})
        for bucket, counts in counted.items()
    }


def stored(of: str, periods: Iterable[str] = tuple(LENGTHS)) -> Buckets:
    """The same, as tallied."""
    model = SourceTally if of == "source_id" else BusinessTally
    return {
        (row.pop(of), row.pop("period"), row.pop("starts_at")): told(row)
        for row in model._default_manager.filter(period__in=periods).values(
            of, "period", "starts_at", *COLUMNS
        )
    }


COLUMNS = (
    *("accepted", "held", "duplicates", "refused", "replayed", "dry_runs", "bad_certificates", "spent"),
    *("opt_outs", "complaints", "disputes", "held_codes", "refused_codes"),
)


def told(figures: Figures) -> Figures:
    """Without noughts."""
    return {name: value for name, value in figures.items() if value}


def only(buckets: Buckets, periods: Iterable[str]) -> Buckets:
    return {bucket: figures for bucket, figures in buckets.items() if bucket[1] in set(periods)}


def add_up(buckets: Buckets, span: Span, end: datetime, *, now: datetime) -> dict[Any, Figures]:
    """By source, what the span has before `end`."""
    sums: dict[Any, Figures] = defaultdict(dict)
    for (of, period, starts_at), figures in buckets.items():
        if period == span.period and span.start(now=now) <= starts_at < end:
            for name, value in figures.items():
                old = sums[of].get(name)
                if isinstance(value, dict):
                    sums[of][name] = dict(Counter(old or {}) + Counter(value))
                else:
                    sums[of][name] = value + (old or 0)
    return dict(sums)


def assert_spans_exact(*, closed_at: datetime) -> None:
    """What is kept of closed parts of spans, and the sums that pages read, are those of single requests."""
    plain, now = count_plainly("source_id"), closed_at
    for span in COMPARED.values():
        kept = {
            source: figures
            for (source, _, starts_at), figures in stored("source_id", [str(span.closed)]).items()
            if starts_at == span.start(now=now)
        }
        assert kept == add_up(plain, span, floor(now, span.period), now=now), span.name
        read = {
            row["source_id"]: told({name: row[f"{name}_sum"] for name in SUMMED})
            for row in sums_by_source(None, span, now=now)
        }
        whole = add_up(plain, span, now + timedelta(microseconds=1), now=now)
        expected = {of: {n: v for n, v in sums.items() if n in SUMMED} for of, sums in whole.items()}
        assert read == expected, span.name
