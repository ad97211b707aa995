"""How long each kind of record is kept, what is due, and changing it with a look at what would go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leadping.accounts.models import Business
from leadping.accounts.roles import Deed
from leadping.console.reach import person, reach
from leadping.console.reasons import ReasonForm
from leadping.console.scoped import ScopedAdmin
from leadping.console.steps import Preview, ask_first
from leads.models import KeptKind, LastPurge, RetentionPeriod
from leads.retention.holds import Holds
from leads.retention.periods import KINDS, LONGEST, change_period, judge_period, read_periods, warn_of_period
from leads.retention.purging import count_due

# Of more it does not matter how many; the step that shortens a period counts further.
COUNTED, COUNTED_BEFORE = 1_000, 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of record of a business. `change` is the address of the step, for whoever may."""

    title: str
    goes: str
    counted_from: str
    kept: str
    own: bool
    warning: str
    due: str
    last: LastPurge | None
    change: str


@dataclass(frozen=True, slots=True)
class Kept:
    business: Business
    lines: list[Line]
    holds: int
    reads_matters: bool


class DaysForm(forms.Form):
    days = forms.IntegerField(
        required=False,
        label="Keep for so many days",
        help_text=f"Empty keeps them for ever. At most {LONGEST:,}.",
    )

    def __init__(self, *args: object, kind: KeptKind, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.kind = kind

    def clean_days(self) -> int | None:
        days: int | None = self.cleaned_data["days"]
        if fault := judge_period(self.kind, days):
            raise forms.ValidationError(fault)
        return days


def describe(screen: ScopedAdmin, request: HttpRequest, business: Business, *, now: datetime) -> Kept:
    periods = read_periods(business.pk)
    own = set(RetentionPeriod.objects.filter(business=business).values_list("kind", flat=True))
    purges = {row.kind: row for row in LastPurge.objects.filter(business=business)}
    may_change = business.pk in reach(request, Deed.MANAGE_BUSINESS)
    reads_matters = business.pk in reach(request, Deed.READ_MATTERS)
    lines = [
        Line(
            title=kind.label,
            goes=KINDS[kind].goes,
            counted_from=KINDS[kind].counted_from,
            kept=say_days(days),
            own=kind.value in own,
            warning=warn_of_period(kind, days),
            due=say_due(business.pk, kind, days, now=now),
            last=purges.get(kind.value),
            change=address(screen, business, kind) if may_change else "",
        )
        for kind, days in periods.items()
    ]
    return Kept(business, lines, len(Holds(business.pk).standing) if reads_matters else 0, reads_matters)


def address(screen: ScopedAdmin, business: Business, kind: KeptKind) -> str:
    return f"{screen.list_address()}{business.pk}/{kind.value}/set/"


def say_days(days: int | None) -> str:
    return "for ever" if days is None else "1 day" if days == 1 else f"{days:,} days"


def say_due(business_id: UUID, kind: KeptKind, days: int | None, *, now: datetime) -> str:
    if days is None:
        return ""
    return say_number(count_due(business_id, kind, days, now=now, most=COUNTED + 1), COUNTED)


def say_number(count: int, most: int) -> str:
    return f"more than {most:,}" if count > most else f"{count:,}"


def next_purge(now: datetime) -> datetime:
    """As `leads/retention/jobs.py` has it."""
    tonight = now.replace(hour=3, minute=17, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def change(screen: ScopedAdmin, request: HttpRequest, business: Business, kind: KeptKind) -> HttpResponse:
    """The page posts to itself twice: how long, then the same with a reason, having seen what would go."""
    days = read_periods(business.pk)[kind]
    form = DaysForm(request.POST or None, kind=kind, initial={"days": days})
    back = screen.list_address()
    preview = Preview(
        f"How long to keep: {kind.label.lower()}",
        "Go on",
        [f"What goes then: {KINDS[kind].goes}", f"Counted from {KINDS[kind].counted_from}."],
    )

    def act() -> HttpResponse:
        return settle(screen, request, business, kind, form.cleaned_data["days"])

    return ask_first(screen, request, form, preview, act=act, back=back)


def settle(
    screen: ScopedAdmin, request: HttpRequest, business: Business, kind: KeptKind, days: int | None
) -> HttpResponse:
    form = ReasonForm(request.POST if "reason" in request.POST else None)

    def act() -> str:
        said = {"by": person(request).public_id, "now": timezone.now(), **form.cleaned_data}
        change_period(business, kind, days, **said)
        return f"Kept {say_days(days)} from now on: {kind.label.lower()}."

    count = 0
    if days is not None:
        count = count_due(business.pk, kind, days, now=timezone.now(), most=COUNTED_BEFORE + 1)
    preview = Preview(
        f"Keep {say_days(days)}: {kind.label.lower()}",
        "Keep it so",
        [*say_consequences(days, count), *filter(None, [warn_of_period(kind, days)])],
        grave=bool(count),
    )
    hidden = [("days", "" if days is None else str(days))]
    return ask_first(screen, request, form, preview, act=act, back=screen.list_address(), hidden=hidden)


def say_consequences(days: int | None, count: int) -> list[str]:
    if days is None:
        return ["Nothing of it is deleted any more by time."]
    if not count:
        return ["Nothing is older than that now."]
    many = "1 row is" if count == 1 else f"{say_number(count, COUNTED_BEFORE)} rows are"
    return [f"{many} older than that. What no legal hold keeps goes in the next night, for good."]
