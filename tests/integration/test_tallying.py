"""Tallies: exact whatever came, whenever it was committed, however often it is counted."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from time_machine import travel

from leadping.accounts.models import Business
from leadping.ids import first_id_at
from leads.models import BusinessTally, Complaint, SourceTally, Submission, TallyReach
from leads.watching.buckets import LENGTHS
from leads.watching.reading import sums_by_source
from leads.watching.spans import SPANS
from leads.watching.tallying import fill_back, finest_kept, forget, recount, recount_lately, tally
from sources.lifecycle import delete_source
from sources.models import Source
from tests.races import at_once
from tests.senders import Sender, certificate, flat_lead
from tests.situations import BY, REASON, SenderFactory
from tests.tallies import COLUMNS, assert_spans_exact, count_plainly, only, stored

NOON = datetime(2026, 3, 11, 12, 0, 30, tzinfo=UTC)


def assert_exact() -> None:
    for of in ("source_id", "business_id"):
        assert stored(of) == count_plainly(of)
    closed_at = TallyReach.objects.get().closed_at
    assert closed_at
    assert_spans_exact(closed_at=closed_at)


def came(submission: Submission, at: datetime, *, committed: datetime | None = None) -> None:
    """As if it had come then, and been stored then or later."""
    row_id = first_id_at(committed or at)
    new = row_id.__class__(int=row_id.int | submission.pk.int & (1 << 76) - 1)
    Submission.objects.filter(pk=submission.pk).update(id=new, received_at=at)


def send(sender: Sender, at: datetime, *, committed: datetime | None = None, **fields: Any) -> Submission:
    sender.post(flat_lead(trustedFormUrl=None, phone=f"+1512555{random.randrange(10000):04}", **fields))
    submission = Submission.objects.latest("id")
    came(submission, at, committed=committed)
    return submission


def raise_complaint(source: Source, at: datetime, kind: str = "complaint") -> Complaint:
    closed = {"closed_at": at, "outcome": "honoured"} if kind == "opt_out" else {}
    return Complaint.objects.create(
        id=first_id_at(timezone.now()).__class__(int=random.getrandbits(76) | first_id_at(at).int),
        business=source.business,
        source=source,
        kind=kind,
        details="Called after nine.",
        opened_at=at,
        opened_by=BY,
        **closed,
    )


MIXTURE: list[dict[str, Any]] = [
    {"trustedFormUrl": lambda: certificate("valid"), "price": "18.5"},
    {"trustedFormUrl": lambda: certificate("mismatch"), "price": "0.33335"},
    {"trustedFormUrl": lambda: certificate("expired")},
    {"trustedFormUrl": lambda: "https://screenshots.example.com/a.png", "birthDate": "1970-02-30"},
    {"trustedFormUrl": lambda: None},
    {"trustedFormUrl": lambda: certificate("overclaimed"), "zip": "73301"},
    {"state": "Texass", "phone": "555", "email": "nobody@"},
]


@pytest.mark.django_db(transaction=True)
def test_tallies_are_the_plain_count_whatever_came_while_they_were_counted(
    business: Business, other_business: Business, sandbox: str
) -> None:
    """Four senders at the real door, two of them of one business, and tallying all the while."""
    settings = {"duplicate_rule": "keep", "duplicate_window_hours": 24, "cost_per_lead": Decimal("7.12")}
    senders = [
        SenderFactory.create(business=of, settings=settings) for of in (business, business, other_business)
    ]

    def take_part(number: int) -> None:
        dice = random.Random(number)
        if number == len(senders):
            for _ in range(12):
                tally(now=timezone.now())
            return
        for turn in range(20):
            fields = {n: v() if callable(v) else v for n, v in dice.choice(MIXTURE).items()}
            phone = fields.pop("phone", f"+1512{dice.choice('2345')}55{dice.randrange(3):04}")
            headers = dice.choice([{}, {"Leadping_Dry_Run": "true"}, {"Idempotency_Key": f"{turn}"}])
            lead = flat_lead(**{"phone": phone, "email": f"{number}-{turn}@example.com", **fields})
            for _ in range(1 + ("Idempotency_Key" in headers)):
                senders[number].post(lead, **headers)
        for kind in ("complaint", "dispute", "opt_out"):
            raise_complaint(senders[number].source, timezone.now(), kind)

    at_once(len(senders) + 1, take_part)
    tally(now=timezone.now())
    assert_exact()
    every = list(BusinessTally.objects.filter(period="day"))
    for column in COLUMNS:
        assert any(getattr(row, column) for row in every), column


def test_what_is_committed_minutes_after_it_came_is_counted(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        send(waived_sender, NOON - timedelta(minutes=1))
        tally(now=NOON)
        assert_exact()
        send(waived_sender, NOON - timedelta(minutes=3), committed=NOON)
        tally(now=NOON + timedelta(minutes=1))
        assert_exact()


def test_what_is_committed_an_hour_after_it_came_is_counted_within_the_hour(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        send(waived_sender, NOON - timedelta(minutes=70))
        tally(now=NOON)
        late = send(waived_sender, NOON - timedelta(minutes=65), committed=NOON)
        tally(now=NOON + timedelta(minutes=1))
        assert not SourceTally.objects.filter(
            period="minute", starts_at=late.received_at.replace(second=0)
        ).exists()
        recount_lately(now=NOON + timedelta(minutes=2))
        assert_exact()


def test_counting_again_changes_nothing(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        for minutes in (0, 1, 59, 60, 61, 200):
            send(waived_sender, NOON - timedelta(minutes=minutes), price="3.33")
        tally(now=NOON)
        before = stored("source_id"), stored("business_id")
        tally(now=NOON)
        recount_lately(now=NOON)
        assert (stored("source_id"), stored("business_id")) == before
        assert_exact()


def test_it_catches_up_after_the_worker_was_down(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        tally(now=NOON - timedelta(days=1, hours=3))
        for hours in (26, 25, 24, 13, 12, 1, 0):
            send(waived_sender, NOON - timedelta(hours=hours))
        tally(now=NOON)
        assert_exact()


def test_it_catches_up_after_weeks_in_hours_and_days(waived_sender: Sender) -> None:
    """Minutes of what is older than they are kept are not counted at all."""
    with travel(NOON, tick=False):
        tally(now=NOON - timedelta(days=50))
        for days in (49, 40, 36, 35, 20, 3, 2, 1, 0):
            send(waived_sender, NOON - timedelta(days=days, hours=1), price="1.5")
        tally(now=NOON)
        plain = count_plainly("source_id")
        assert only(stored("source_id"), ["day"]) == only(plain, ["day"])
        hours = {bucket for bucket in plain if bucket[1] == "hour" and NOON - bucket[2] < timedelta(days=35)}
        assert hours <= set(stored("source_id"))
        assert only(stored("source_id"), ["minute"]).items() <= plain.items()


def test_an_installation_with_history_is_filled_from_the_newest_day_to_the_oldest(
    waived_sender: Sender,
) -> None:
    with travel(NOON, tick=False):
        for days in (95, 60, 35, 20, 3, 1, 0):
            send(waived_sender, NOON - timedelta(days=days, hours=1), price="2.25")
        raise_complaint(waived_sender.source, NOON - timedelta(days=60))
        tally(now=NOON)
        filled = []
        while fill_back(now=NOON):
            filled.append(TallyReach.objects.get().since)
        assert filled == sorted(filled, reverse=True)
        assert len(filled) == 95
        for of in ("source_id", "business_id"):
            assert only(stored(of), ["day"]) == only(count_plainly(of), ["day"])
        tally(now=NOON)
        assert_spans_exact(closed_at=NOON)


def test_a_complaint_entered_late_counts_when_it_was_opened(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        tally(now=NOON)
        complaint = raise_complaint(waived_sender.source, NOON)
        Complaint.objects.filter(pk=complaint.pk).update(opened_at=NOON - timedelta(days=9))
        tally(now=NOON + timedelta(minutes=1))
        assert_exact()


def test_minutes_and_hours_are_forgotten_and_days_are_not(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        for days in (50, 10, 0):
            send(waived_sender, NOON - timedelta(days=days, hours=1))
        tally(now=NOON - timedelta(days=10))
        while fill_back(now=NOON - timedelta(days=10)):
            pass
        tally(now=NOON)
        forget(now=NOON)
        finest = SourceTally.objects.filter(period__in=LENGTHS)
        kept = {(row.period, (NOON - row.starts_at).days) for row in finest}
        assert kept == {("day", 50), ("day", 10), ("day", 0), ("hour", 10), ("hour", 0), ("minute", 0)}


def test_hours_stay_whole_when_their_minutes_are_forgotten(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        for minutes in (10, 20, 30):
            send(waived_sender, NOON - timedelta(minutes=minutes))
        tally(now=NOON)
        later = NOON + timedelta(days=5)
        forget(now=later)
        tally(now=later)
        assert SourceTally.objects.get(period="hour").accepted == 3
        assert SourceTally.objects.get(period="day").accepted == 3


def test_a_deleted_source_stays_in_the_sums_of_its_business(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        send(waived_sender, NOON)
        delete_source(waived_sender.source, by=BY, reason=REASON, now=NOON)
        tally(now=NOON)
        assert BusinessTally.objects.get(period="day").accepted == 1
        assert_exact()


@pytest.mark.parametrize(
    ("days", "finest"), [(0, "minute"), (2, "minute"), (3, "hour"), (35, "hour"), (36, "day")]
)
def test_the_older_the_coarser(days: int, finest: str) -> None:
    assert finest_kept(NOON - timedelta(days=days), now=NOON) == finest


@pytest.mark.parametrize("seconds", [1, 60, 59 * 60, 3_600, 12 * 3_600, 24 * 3_600, 40 * 24 * 3_600])
def test_spans_move_on_with_hours_and_days(waived_sender: Sender, seconds: int) -> None:
    with travel(NOON, tick=False):
        for hours in (0, 1, 11, 12, 22, 23, 24, 30):
            send(waived_sender, NOON - timedelta(hours=hours), price="0.7")
        tally(now=NOON - timedelta(days=2))
        tally(now=NOON)
        later = NOON + timedelta(seconds=seconds)
        tally(now=later)
        assert_spans_exact(closed_at=later)
        forget(now=later)
        assert_spans_exact(closed_at=later)


def test_a_page_misses_nothing_between_the_turn_of_a_day_and_the_next_run(waived_sender: Sender) -> None:
    with travel(NOON, tick=False):
        midnight = NOON.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        for at in (NOON, midnight + timedelta(seconds=5)):
            send(waived_sender, at)
        tally(now=midnight - timedelta(seconds=30))
        recount(midnight - timedelta(minutes=5), midnight + timedelta(seconds=20))
        sums = sums_by_source(None, SPANS["24h"], now=midnight + timedelta(seconds=20))
        assert [row["requests"] for row in sums] == [2]


def test_spans_are_whole_while_the_worker_is_down_and_before_its_first_run(
    waived_sender: Sender,
) -> None:
    with travel(NOON, tick=False):
        for days in (0, 4, 8):
            send(waived_sender, NOON - timedelta(days=days))
        recount(NOON - timedelta(days=9), NOON)
        before = list(sums_by_source(None, SPANS["7d"], now=NOON))
        tally(now=NOON)
        later = list(sums_by_source(None, SPANS["7d"], now=NOON + timedelta(days=3)))
        assert [row["requests"] for row in before + later] == [2, 1]


def test_until_when_everything_is_counted_is_known(db: None) -> None:
    with travel(NOON, tick=False):
        tally(now=NOON)
        assert TallyReach.objects.get().until == NOON
        tally(now=NOON + timedelta(minutes=1))
        assert TallyReach.objects.get().until == NOON + timedelta(minutes=1)
