"""What each chart shows, as a table: bucket by bucket, with the sums. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from leads.pages.wording import title_of
from leads.watching.figures import Figures, share
from leads.watching.reading import Series

# Codes that get a colour of their own; the others are drawn as one, and all stand in the export.
COLOURED = 5


@dataclass(frozen=True, slots=True)
class Column:
    """`tone` is the class by which a chart draws it; what has none stands in the table alone."""

    title: str
    value: Callable[[Figures], Any]
    tone: str = ""
    form: str = "number"


@dataclass(frozen=True, slots=True)
class Table:
    """`stacked` says that the drawn columns are parts of a whole. `sentence` says what is counted."""

    name: str
    title: str
    sentence: str
    columns: Sequence[Column]
    series: Series
    stacked: bool = True

    @property
    def drawn(self) -> list[Column]:
        return [column for column in self.columns if column.tone]

    @property
    def empty(self) -> bool:
        return not any(column.value(self.series.total) for column in self.drawn)

    def rows(self) -> list[tuple[datetime, list[Any]]]:
        return [
            (at, [column.value(figures) for column in self.columns]) for at, figures in self.series.points
        ]

    def sums(self) -> list[Any]:
        return [column.value(self.series.total) for column in self.columns]


def say(value: Any, form: str) -> str:
    """As a person reads it; nothing where there is nothing to divide by."""
    if value is None:
        return "\N{EN DASH}"
    if form == "share":
        return f"{value:.1%}"
    return f"{value:,.2f}" if form == "money" else f"{value:,}"


def outcomes(series: Series) -> Table:
    return Table(
        "outcomes",
        "What came in",
        "Every request once, by what was answered. Dry runs and repetitions are counted beside them.",
        [
            Column("Accepted", lambda one: one.accepted, "good"),
            Column("Held", lambda one: one.held, "warn"),
            Column("Duplicates", lambda one: one.duplicates, "accent"),
            Column("Refused", lambda one: one.refused, "bad"),
            Column("Requests", lambda one: one.requests),
            Column("Accepted, share", lambda one: one.accepted_share, form="share"),
            Column("Repetitions", lambda one: one.replayed),
            Column("Dry runs", lambda one: one.dry_runs),
        ],
        series,
    )


def refusals(series: Series) -> Table:
    sentence = "Refused requests by what refused them. One request may be refused for several reasons."
    return Table("refusals", "Refused for", sentence, code_columns(series, "refused_codes"), series)


def holds(series: Series) -> Table:
    sentence = "Held requests by what held them, each as it was when it came, also if it was released since."
    return Table("holds", "Held for", sentence, code_columns(series, "held_codes"), series)


def code_columns(series: Series, name: str) -> list[Column]:
    """The most frequent codes first; what is left is one column more."""
    ranked = [code for code, _ in getattr(series.total, name).most_common()]
    first = ranked if len(ranked) <= COLOURED + 1 else ranked[:COLOURED]
    columns = [
        Column(title_of(code), counting(name, [code]), f"part-{place}")
        for place, code in enumerate(first, start=1)
    ]
    rest = ranked[len(first) :]
    return [*columns, Column("Others", counting(name, rest), "part-6")] if rest else columns


def every_code(table: Table, name: str) -> Table:
    """With a column for each code, however many: for the export."""
    ranked = getattr(table.series.total, name).most_common()
    columns = [Column(code, counting(name, [code])) for code, _ in ranked]
    return Table(table.name, table.title, table.sentence, columns, table.series)


def counting(name: str, codes: Sequence[str]) -> Callable[[Figures], int]:
    return lambda figures: sum(getattr(figures, name)[code] for code in codes)


def certificates(series: Series) -> Table:
    return Table(
        "certificates",
        "Certificate failures",
        "Requests with a certificate that is at fault, whatever came of it. Not counted: that none was sent, "
        "and that TrustedForm could not be asked.",
        [
            Column("At fault", lambda one: one.bad_certificates, "warn"),
            Column("Of all requests", lambda one: share(one.bad_certificates, one.requests), form="share"),
        ],
        series,
    )


def costs(series: Series) -> Table:
    return Table(
        "costs",
        "What a lead costs",
        "The price sent with a lead, else the source's cost per lead at the time. Leads taken are those "
        "accepted, held and kept as duplicates.",
        [
            Column("Per lead taken", lambda one: one.cost_per_lead, "accent", "money"),
            Column("Per accepted lead", lambda one: one.cost_per_accepted, "good", "money"),
            Column("Spent", lambda one: one.spent, form="money"),
            Column("Leads taken", lambda one: one.taken),
            Column("Accepted", lambda one: one.accepted),
        ],
        series,
        stacked=False,
    )


def raised(series: Series) -> Table:
    return Table(
        "raised",
        "Complaints and opt-outs",
        "By when they were opened, whatever their outcome and whenever the lead came.",
        [
            Column("Complaints", lambda one: one.complaints, "bad"),
            Column("Disputes", lambda one: one.disputes, "warn"),
            Column("Opt-outs", lambda one: one.opt_outs, "accent"),
        ],
        series,
    )


TABLES: dict[str, Callable[[Series], Table]] = {
    "outcomes": outcomes,
    "refusals": refusals,
    "holds": holds,
    "certificates": certificates,
    "costs": costs,
    "raised": raised,
}
EXPORTED_CODES = {"refusals": "refused_codes", "holds": "held_codes"}


def table_to_export(name: str, series: Series) -> Table:
    table = TABLES[name](series)
    return every_code(table, EXPORTED_CODES[name]) if name in EXPORTED_CODES else table


def as_number(value: Any, form: str) -> Any:
    """For a file: two decimals, no thousands; a share as a number between nought and one."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    return round(value, 4) if form == "share" and value is not None else value
